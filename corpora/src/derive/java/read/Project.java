package drift;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The files of a corpus, attributed by javac: what is defined in them, and which names mean what. Nothing is run. */
final class Project {
  /** Something that a call can enter; `element` is null for a lambda, a class for one without a constructor. */
  record Definition(Source source, Tree tree, int start, int end, int body, int classStart, int classBody, String name,
      Element element) {
    String id() {
      return source.path + ":" + source.lines.at(start);
    }
  }

  final Trees trees;
  final Elements elements;
  final Types types;
  final SourcePositions positions;
  /** By path, in the order of their names. */
  final Map<String, Source> sources = new LinkedHashMap<>();
  final List<Definition> definitions = new ArrayList<>();
  final Map<Element, Definition> byElement = new HashMap<>();
  final Map<Tree, Definition> byTree = new HashMap<>();
  /** All classes of the corpus, anonymous ones too. */
  final List<TypeElement> classes = new ArrayList<>();
  /** Lambdas with the types that they are made for. */
  final Map<Definition, TypeMirror> lambdas = new LinkedHashMap<>();
  /** Method references likewise, each with the method that it names. */
  final Map<ExecutableElement, List<TypeMirror>> references = new LinkedHashMap<>();
  /** What tests add to the hierarchy: their classes, the methods in these, and the types of their lambdas. */
  final List<TypeElement> testClasses = new ArrayList<>();
  final Set<Element> testMethods = new HashSet<>();
  final List<TypeMirror> testLambdas = new ArrayList<>();
  final Map<ExecutableElement, List<TypeMirror>> testReferences = new LinkedHashMap<>();
  /** What javac says is wrong in the files that are no tests, the first few. */
  final List<String> problems = new ArrayList<>();

  Project(Path root, List<String> files, List<String> tests, List<String> options) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    StandardJavaFileManager manager = compiler.getStandardFileManager(diagnostics, null, null);
    Map<String, String> names = new HashMap<>();
    List<Path> paths = new ArrayList<>();
    for (String file : files) {
      Path path = root.resolve(file);
      paths.add(path);
      names.put(path.toUri().toString(), file);
    }
    for (String file : tests) paths.add(root.resolve(file));
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-proc:none", "-implicit:none", "-Xmaxerrs", "100000", "-nowarn"));
    // The libraries of tests are not there, and what names them is wrong; the rest is to be understood all the same.
    if (!tests.isEmpty()) all.add("-XDshould-stop.ifError=FLOW");
    var units = manager.getJavaFileObjectsFromPaths(paths);
    var task = (JavacTask) compiler.getTask(null, manager, diagnostics, all, null, units);
    List<CompilationUnitTree> parsed = new ArrayList<>();
    task.parse().forEach(parsed::add);
    task.analyze();
    trees = Trees.instance(task);
    elements = task.getElements();
    types = task.getTypes();
    positions = trees.getSourcePositions();
    for (var unit : parsed) {
      String name = names.get(unit.getSourceFile().toUri().toString());
      if (name == null) new TestCollector().scan(unit, null);
      else sources.put(name, new Source(name, unit));
    }
    testClasses.removeIf(type -> !isWhole(type));
    for (var one : diagnostics.getDiagnostics()) {
      boolean isOfTests = one.getSource() != null && !names.containsKey(one.getSource().toUri().toString());
      if (one.getKind() == Diagnostic.Kind.ERROR && !isOfTests && problems.size() < 5) problems.add(one.toString());
    }
    for (var source : sources.values()) new Collector(source).scan(source.unit, null);
  }

  /** Whether all that a class inherits from is known: what is not would count as a subtype of everything. */
  private boolean isWhole(TypeElement type) {
    return types.directSupertypes(type.asType()).stream()
        .allMatch(one -> one.getKind() == TypeKind.DECLARED && isWhole((TypeElement) ((DeclaredType) one).asElement()));
  }

  int start(Source source, Tree tree) {
    return (int) positions.getStartPosition(source.unit, tree);
  }

  int end(Source source, Tree tree) {
    return (int) positions.getEndPosition(source.unit, tree);
  }

  /** Whether it stands in a source of the corpus as it is; default constructors and the `values` of an enum do not. */
  boolean isWritten(Element element) {
    return elements.getOrigin(element) == Elements.Origin.EXPLICIT;
  }

  boolean hasConstructor(TypeElement type) {
    return type.getEnclosedElements().stream().anyMatch(one -> one.getKind() == ElementKind.CONSTRUCTOR && isWritten(one));
  }

  private final class Collector extends TreePathScanner<Void, Void> {
    private final Source source;

    Collector(Source source) {
      this.source = source;
    }

    @Override
    public Void visitClass(ClassTree tree, Void none) {
      if (trees.getElement(getCurrentPath()) instanceof TypeElement type) {
        classes.add(type);
        boolean isNamedClass = type.getKind() == ElementKind.CLASS && !type.getSimpleName().isEmpty();
        if (isNamedClass && !hasConstructor(type)) {
          int body = bodyOf(tree);
          add(new Definition(source, tree, start(source, tree), end(source, tree), body, -1, -1, nameOf(type), type));
        }
      }
      return super.visitClass(tree, none);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void none) {
      Element element = trees.getElement(getCurrentPath());
      if (tree.getBody() != null && element != null && isWritten(element)) {
        int body = start(source, tree.getBody());
        boolean isConstructor = element.getKind() == ElementKind.CONSTRUCTOR;
        var owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
        boolean hasHeader = isConstructor && element.getEnclosingElement().getKind() == ElementKind.CLASS;
        String name = nameOf(element.getEnclosingElement()) + "." + (isConstructor ? "constructor" : tree.getName());
        add(new Definition(source, tree, start(source, tree), end(source, tree), body,
            hasHeader ? start(source, owner) : -1, hasHeader ? bodyOf(owner) : -1, name, element));
      }
      return super.visitMethod(tree, none);
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree tree, Void none) {
      var definition = new Definition(source, tree, start(source, tree), end(source, tree),
          start(source, tree.getBody()), -1, -1, "<lambda>", null);
      add(definition);
      TypeMirror type = trees.getTypeMirror(getCurrentPath());
      if (type != null) lambdas.put(definition, type);
      return super.visitLambdaExpression(tree, none);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void none) {
      TypeMirror type = trees.getTypeMirror(getCurrentPath());
      if (trees.getElement(getCurrentPath()) instanceof ExecutableElement method && type != null) {
        references.computeIfAbsent(method, key -> new ArrayList<>()).add(type);
      }
      return super.visitMemberReference(tree, none);
    }

    private void add(Definition definition) {
      definitions.add(definition);
      byTree.put(definition.tree, definition);
      if (definition.element != null) byElement.put(definition.element, definition);
    }

    /** Where the brace of a class stands: the first one behind everything that its header names. */
    private int bodyOf(ClassTree tree) {
      int from = Math.max(start(source, tree), end(source, tree.getModifiers()));
      List<Tree> header = new ArrayList<>(tree.getTypeParameters());
      if (tree.getExtendsClause() != null) header.add(tree.getExtendsClause());
      header.addAll(tree.getImplementsClause());
      for (var part : header) from = Math.max(from, end(source, part));
      return source.find('{', from);
    }
  }

  /** Of tests only what calls in the corpus may enter is of interest, and nothing of it by name. */
  private final class TestCollector extends TreePathScanner<Void, Void> {
    @Override
    public Void visitClass(ClassTree tree, Void none) {
      if (trees.getElement(getCurrentPath()) instanceof TypeElement type) testClasses.add(type);
      return super.visitClass(tree, none);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void none) {
      Element element = trees.getElement(getCurrentPath());
      if (element != null) testMethods.add(element);
      return super.visitMethod(tree, none);
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree tree, Void none) {
      TypeMirror type = trees.getTypeMirror(getCurrentPath());
      if (type != null && type.getKind() == TypeKind.DECLARED) testLambdas.add(type);
      return super.visitLambdaExpression(tree, none);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void none) {
      TypeMirror type = trees.getTypeMirror(getCurrentPath());
      boolean isKnown = type != null && type.getKind() == TypeKind.DECLARED;
      if (isKnown && trees.getElement(getCurrentPath()) instanceof ExecutableElement method) {
        testReferences.computeIfAbsent(method, key -> new ArrayList<>()).add(type);
      }
      return super.visitMemberReference(tree, none);
    }
  }

  private static String nameOf(Element element) {
    String own = element.getSimpleName().toString();
    String shown = own.isEmpty() ? "<anonymous>" : own;
    return element.getEnclosingElement() instanceof TypeElement outer && !own.isEmpty() ? nameOf(outer) + "." + shown : shown;
  }

  static TreePath pathOf(TreePath parent, Tree leaf) {
    return new TreePath(parent, leaf);
  }
}
