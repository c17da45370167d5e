package drift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * Which functions of the corpus an invocation can enter: the one that javac resolved where the language fixes it (what
 * `invokestatic` and `invokespecial` name, and what cannot be overridden), else by the hierarchy of all classes.
 */
final class Targets {
  /** `outside`: it may leave the corpus. `fixed`: nobody can override what is named. */
  record Found(List<String> definitions, boolean outside, boolean fixed) {}

  private final Project project;
  private final Map<String, Found> known = new HashMap<>();
  private final Set<String> asking = new HashSet<>();

  Targets(Project project) {
    this.project = project;
  }

  /** What `new C(…)` enters: the constructor, else that of the nearest base class in the corpus, else the class itself. */
  Found ofConstructor(ExecutableElement constructor) {
    var own = project.byElement.get(constructor);
    if (own != null) return new Found(List.of(own.id()), false, true);
    var type = (TypeElement) constructor.getEnclosingElement();
    if (!project.classes.contains(type)) return new Found(List.of(), true, true);
    boolean isAnonymous = type.getSimpleName().isEmpty();
    var above = isAnonymous ? passedOn(type, constructor) : nearestConstructor(type);
    if (above != null) return new Found(List.of(above.id()), false, true);
    var itself = project.byElement.get(type);
    return itself == null ? new Found(List.of(), false, false) : new Found(List.of(itself.id()), false, true);
  }

  /** The constructor without parameters that a constructor nobody wrote calls, in the nearest base class with any. */
  Project.Definition nearestConstructor(TypeElement type) {
    for (var base = superclass(type); base != null && project.classes.contains(base); base = superclass(base)) {
      if (!project.hasConstructor(base)) continue;
      for (Element one : base.getEnclosedElements()) {
        if (one instanceof ExecutableElement method && one.getKind() == ElementKind.CONSTRUCTOR
            && (method.getParameters().isEmpty() || (method.isVarArgs() && method.getParameters().size() == 1))) {
          return project.byElement.get(one);
        }
      }
      return null;
    }
    return null;
  }

  /** The constructor of the base class to which an anonymous class hands its arguments. */
  private Project.Definition passedOn(TypeElement anonymous, ExecutableElement constructor) {
    var base = superclass(anonymous);
    if (base == null || !project.classes.contains(base)) return null;
    if (!project.hasConstructor(base)) return nearestConstructor(base);
    List<Project.Definition> fitting = new ArrayList<>();
    for (Element one : base.getEnclosedElements()) {
      if (one.getKind() != ElementKind.CONSTRUCTOR) continue;
      var method = (ExecutableElement) one;
      if (method.getParameters().size() != constructor.getParameters().size()) continue;
      boolean fits = true;
      for (int index = 0; index < method.getParameters().size(); index++) {
        fits &= project.types.isSameType(erased(method.getParameters().get(index).asType()),
            erased(constructor.getParameters().get(index).asType()));
      }
      if (fits && project.byElement.get(one) != null) fitting.add(project.byElement.get(one));
    }
    return fitting.size() == 1 ? fitting.get(0) : null;
  }

  /** What exactly this method is entered as: static, private, by `super`. */
  Found ofExactly(ExecutableElement method) {
    var own = project.byElement.get(method);
    if (own != null) return new Found(List.of(own.id()), false, true);
    boolean isOurs = project.classes.contains(method.getEnclosingElement()) && project.isWritten(method);
    // A native method of ours, or an abstract one.
    return isOurs ? new Found(List.of(), false, false) : new Found(List.of(), true, true);
  }

  /** What a call of `method` on a value of type `receiver` enters. */
  Found ofMember(ExecutableElement method, TypeMirror receiver) {
    var modifiers = method.getModifiers();
    if (modifiers.contains(Modifier.STATIC) || modifiers.contains(Modifier.PRIVATE)) return ofExactly(method);
    TypeMirror bound = erased(receiver);
    String key = describe(method) + " on " + bound;
    if (known.containsKey(key)) return known.get(key);
    // A reference to what is being asked about adds nothing; what was found without it holds for the outermost only.
    if (!asking.add(key)) return new Found(List.of(), false, false);
    var found = byHierarchy(method, bound);
    asking.remove(key);
    if (asking.isEmpty()) known.put(key, found);
    return found;
  }

  private Found byHierarchy(ExecutableElement method, TypeMirror receiver) {
    var found = new TreeSet<String>();
    boolean outside = false;
    for (TypeElement type : project.classes) {
      if (!project.types.isSubtype(erased(type.asType()), receiver)) continue;
      ExecutableElement entered = implementation(method, type);
      // What an abstract class or an interface has, classes from elsewhere inherit.
      if (entered == null) continue;
      var own = project.byElement.get(entered);
      if (own != null) found.add(own.id());
      else outside = true;
    }
    for (var lambda : project.lambdas.entrySet()) {
      if (isFor(lambda.getValue(), method, receiver)) found.add(lambda.getKey().id());
    }
    for (var reference : project.references.entrySet()) {
      if (reference.getValue().stream().noneMatch(type -> isFor(type, method, receiver))) continue;
      var referred = ofReference(reference.getKey());
      found.addAll(referred.definitions());
      outside |= referred.outside();
    }
    boolean inTests = inTests(method, receiver, found);
    boolean isOurs = receiver.getKind() == TypeKind.DECLARED && project.classes.contains(((DeclaredType) receiver).asElement());
    var modifiers = method.getModifiers();
    boolean isFinal = modifiers.contains(Modifier.FINAL) || method.getEnclosingElement().getModifiers().contains(Modifier.FINAL)
        || (isOurs && ((DeclaredType) receiver).asElement().getModifiers().contains(Modifier.FINAL));
    // Values of a type from outside may be of any class from outside.
    if (!isOurs) outside = true;
    // Ours is a type that nobody makes: its values are made outside, or in tests.
    boolean isFixed = isFinal || (found.isEmpty() && outside);
    // What only tests have says nothing about the corpus.
    return new Found(List.copyOf(found), outside || (inTests && !found.isEmpty()), isFixed);
  }

  /** Whether it may be something of a test; `found` learns what classes of tests inherit and their references name. */
  private boolean inTests(ExecutableElement method, TypeMirror receiver, Set<String> found) {
    boolean inTests = project.testLambdas.stream().anyMatch(type -> isFor(type, method, receiver));
    for (TypeElement type : project.testClasses) {
      if (!project.types.isSubtype(erased(type.asType()), receiver)) continue;
      ExecutableElement entered = implementation(method, type);
      var own = entered == null ? null : project.byElement.get(entered);
      if (own != null) found.add(own.id());
      else inTests |= entered != null;
    }
    for (var reference : project.testReferences.entrySet()) {
      if (reference.getValue().stream().noneMatch(type -> isFor(type, method, receiver))) continue;
      var referred = project.testMethods.contains(reference.getKey()) ? null : ofReference(reference.getKey());
      if (referred != null) found.addAll(referred.definitions());
      inTests |= referred == null || referred.outside();
    }
    return inTests;
  }

  private Found ofReference(ExecutableElement method) {
    if (method.getKind() == ElementKind.CONSTRUCTOR) return ofConstructor(method);
    return ofMember(method, method.getEnclosingElement().asType());
  }

  /** Whether a lambda of this type is what a call of `method` on a `receiver` enters. */
  private boolean isFor(TypeMirror type, ExecutableElement method, TypeMirror receiver) {
    return method.getModifiers().contains(Modifier.ABSTRACT) && project.types.isSubtype(erased(type), receiver);
  }

  /** The method that an instance of exactly `type` runs; null when none is found. */
  private ExecutableElement implementation(ExecutableElement method, TypeElement type) {
    for (TypeElement at = type; at != null; at = superclass(at)) {
      var found = declared(method, at, type);
      if (found != null && !found.getModifiers().contains(Modifier.ABSTRACT)) return found;
    }
    return defaultOf(method, type, type);
  }

  /** The default method of the most special interface of a class, or of its bases. */
  private ExecutableElement defaultOf(ExecutableElement method, TypeElement at, TypeElement type) {
    ExecutableElement best = null;
    for (TypeMirror one : project.types.directSupertypes(at.asType())) {
      if (!(((DeclaredType) one).asElement() instanceof TypeElement above)) continue;
      var here = above.getKind().isInterface() ? declared(method, above, type) : null;
      var found = here != null && here.isDefault() ? here : defaultOf(method, above, type);
      if (found != null && (best == null || isBelow(found, best))) best = found;
    }
    return best;
  }

  private boolean isBelow(ExecutableElement one, ExecutableElement other) {
    return project.types.isSubtype(erased(one.getEnclosingElement().asType()), erased(other.getEnclosingElement().asType()));
  }

  private ExecutableElement declared(ExecutableElement method, TypeElement at, TypeElement type) {
    if (method.getEnclosingElement().equals(at)) return method;
    for (Element one : at.getEnclosedElements()) {
      if (one instanceof ExecutableElement other && other.getSimpleName().equals(method.getSimpleName())
          && other.getParameters().size() == method.getParameters().size()
          && project.elements.overrides(other, method, type)) {
        return other;
      }
    }
    return null;
  }

  private TypeElement superclass(TypeElement type) {
    return type.getSuperclass() instanceof DeclaredType above ? (TypeElement) above.asElement() : null;
  }

  TypeMirror erased(TypeMirror type) {
    return project.types.erasure(type);
  }

  private static String describe(ExecutableElement method) {
    return method.getEnclosingElement() + "." + method + "@" + System.identityHashCode(method);
  }
}
