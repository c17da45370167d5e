package drift;

import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** Every call and `new` in one file, and what javac and the class hierarchy say that it enters. */
final class Calls extends TreePathScanner<Void, Void> {
  /**
   * One call. `nameAt` is -1 where it has no name (`super(…)`), and `openAt` is where its callee ends, before the `(`;
   * `container` is what its code is compiled into: a method, a lambda, or (`Initializers`) a class.
   */
  record Site(Source source, Tree tree, int start, int end, String name, int nameAt, int openAt, String syntax,
      String stratum, Targets.Found found, String external, TypeElement created, Object container) {
    String id() {
      return source.path + ":" + source.lines.at(start) + "-" + source.lines.at(end);
    }
  }

  /** The initializers of a class, which become part of its constructors, or of its static initializer. */
  record Initializers(TypeElement type, boolean isStatic) {}

  final List<Site> sites = new ArrayList<>();
  private final Project project;
  private final Targets targets;
  private final Source source;

  Calls(Project project, Targets targets, Source source) {
    this.project = project;
    this.targets = targets;
    this.source = source;
    scan(source.unit, null);
  }

  @Override
  public Void visitVariable(VariableTree tree, Void none) {
    // The constants of an enum are made without a call, though the tree has one.
    var element = project.trees.getElement(getCurrentPath());
    if (element == null || element.getKind() != ElementKind.ENUM_CONSTANT) return super.visitVariable(tree, none);
    if (tree.getInitializer() instanceof NewClassTree made) {
      TreePath path = new TreePath(getCurrentPath(), made);
      for (var argument : made.getArguments()) scan(new TreePath(path, argument), none);
      if (made.getClassBody() != null) scan(new TreePath(path, made.getClassBody()), none);
    }
    return null;
  }

  @Override
  public Void visitMethod(MethodTree tree, Void none) {
    var element = project.trees.getElement(getCurrentPath());
    return element == null || project.isWritten(element) ? super.visitMethod(tree, none) : null;
  }

  @Override
  public Void visitMethodInvocation(MethodInvocationTree tree, Void none) {
    // The `super()` that javac adds where nobody wrote one ends nowhere.
    if (project.end(source, tree) < 0) return null;
    ExpressionTree callee = tree.getMethodSelect();
    TreePath path = new TreePath(getCurrentPath(), callee);
    int open = project.end(source, callee);
    String name = callee instanceof MemberSelectTree member ? member.getIdentifier().toString()
        : callee instanceof IdentifierTree identifier ? identifier.getName().toString() : "";
    boolean isConstructor = name.equals("super") || name.equals("this");
    String syntax = name.equals("super") ? "super-call" : "call";
    if (!(project.trees.getElement(path) instanceof ExecutableElement method)) {
      add(tree, name, isConstructor ? -1 : open - name.length(), open, syntax, "method", null, null, null);
    } else if (isConstructor) {
      var found = targets.ofConstructor(method);
      add(tree, "", -1, open, syntax, stratum(found, true, false), found, nameOf(method), null);
    } else {
      boolean isBare = callee instanceof IdentifierTree;
      boolean isSuper = callee instanceof MemberSelectTree member && endsInSuper(member.getExpression());
      boolean isStatic = method.getModifiers().contains(Modifier.STATIC);
      var receiver = isBare ? enclosing(method) : project.trees.getTypeMirror(new TreePath(path, ((MemberSelectTree) callee).getExpression()));
      var found = isSuper || isStatic ? targets.ofExactly(method)
          : targets.ofMember(method, receiver == null ? method.getEnclosingElement().asType() : receiver);
      String stratum = stratum(found, isStatic, method.getModifiers().contains(Modifier.ABSTRACT));
      add(tree, name, open - name.length(), open, syntax, stratum, found, nameOf(method), null);
    }
    return super.visitMethodInvocation(tree, none);
  }

  @Override
  public Void visitNewClass(NewClassTree tree, Void none) {
    Tree named = tree.getIdentifier();
    int end = project.end(source, named);
    while (true) {
      if (named instanceof ParameterizedTypeTree generic) named = generic.getType();
      else if (named instanceof AnnotatedTypeTree annotated) named = annotated.getUnderlyingType();
      else break;
    }
    String name = named instanceof MemberSelectTree member ? member.getIdentifier().toString() : named.toString();
    int at = project.end(source, named) - name.length();
    if (project.trees.getElement(getCurrentPath()) instanceof ExecutableElement constructor) {
      var found = targets.ofConstructor(constructor);
      var created = (TypeElement) constructor.getEnclosingElement();
      add(tree, name, at, end, "new", stratum(found, true, false), found, name, created);
    } else {
      add(tree, name, at, end, "new", "method", null, null, null);
    }
    return super.visitNewClass(tree, none);
  }

  private void add(Tree tree, String name, int nameAt, int openAt, String syntax, String stratum, Targets.Found found,
      String external, TypeElement created) {
    sites.add(new Site(source, tree, project.start(source, tree), project.end(source, tree), name, nameAt, openAt,
        syntax, stratum, found, external, created, container()));
  }

  /** The kinds of the truth: what is fixed is bound to one function, like a name; the rest depends on the receiver. */
  private String stratum(Targets.Found found, boolean isBound, boolean isAbstract) {
    if (found.definitions().isEmpty()) return found.outside() ? "external" : isAbstract ? "interface" : "method";
    if (!isBound) return isAbstract ? "interface" : "method";
    return found.definitions().get(0).startsWith(source.path + ":") ? "direct" : "imported";
  }

  private static String nameOf(ExecutableElement method) {
    return method.getKind() == ElementKind.CONSTRUCTOR ? method.getEnclosingElement().getSimpleName().toString()
        : method.getSimpleName().toString();
  }

  private static boolean endsInSuper(ExpressionTree tree) {
    return tree instanceof IdentifierTree identifier ? identifier.getName().contentEquals("super")
        : tree instanceof MemberSelectTree member && member.getIdentifier().contentEquals("super");
  }

  /** The type of `this` on which a method without a receiver is called: the innermost class around that has it. */
  private javax.lang.model.type.TypeMirror enclosing(ExecutableElement method) {
    for (TreePath at = getCurrentPath(); at != null; at = at.getParentPath()) {
      if (!(at.getLeaf() instanceof ClassTree) || !(project.trees.getElement(at) instanceof TypeElement type)) continue;
      var owner = targets.erased(method.getEnclosingElement().asType());
      if (project.types.isSubtype(targets.erased(type.asType()), owner)) return type.asType();
    }
    return method.getEnclosingElement().asType();
  }

  private Object container() {
    for (TreePath at = getCurrentPath().getParentPath(); at != null; at = at.getParentPath()) {
      Tree leaf = at.getLeaf();
      if (leaf instanceof LambdaExpressionTree || leaf instanceof MethodTree) return project.byTree.get(leaf);
      if (at.getParentPath() == null || !(at.getParentPath().getLeaf() instanceof ClassTree owner)) continue;
      var type = project.trees.getElement(at.getParentPath());
      if (!(type instanceof TypeElement around)) return null;
      if (leaf instanceof BlockTree block) return new Initializers(around, block.isStatic());
      if (leaf instanceof VariableTree field) {
        Element declared = project.trees.getElement(at);
        return declared == null ? null : new Initializers(around, declared.getModifiers().contains(Modifier.STATIC));
      }
    }
    return null;
  }
}
