package drift;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/**
 * Puts each call of the sources on a line of its own, by a line break before its `(`, and each lambda on lines that
 * nothing else has: the line that bytecode gives for an invocation then says which call it is. Line breaks mean nothing in
 * Java. What the tracer needs is written with a tab between fields:
 *
 *     class     binary name, file
 *     definition number, id, binary name of its class, name and descriptor ("<init>" for constructors)
 *     lambda    number, id, file, first and last line
 *     site      number, id, file, line, name, whether it may leave the corpus, line of the name
 *     new       number of the site, binary name of the container's class, name and descriptor there, binary name of what is made
 */
final class Plan {
  private final Project project;
  private final Targets targets;
  private final List<Calls.Site> sites;
  private final List<String> lines = new ArrayList<>();

  Plan(Project project, Targets targets, List<Calls.Site> sites) {
    this.project = project;
    this.targets = targets;
    this.sites = sites;
  }

  void write(Path root, Path file) throws IOException {
    Map<Source, TreeMap<Integer, Integer>> breaks = new HashMap<>();
    for (var source : project.sources.values()) breaks.put(source, new TreeMap<>());
    for (var site : sites) breaks.get(site.source()).merge(site.openAt(), 1, (a, b) -> a);
    for (var definition : project.definitions) {
      if (definition.element() != null) continue;
      breaks.get(definition.source()).merge(definition.body(), 1, (a, b) -> a);
      breaks.get(definition.source()).merge(definition.end(), 1, (a, b) -> a);
    }
    for (var type : project.classes) {
      var path = project.trees.getPath(type);
      String name = project.sources.values().stream().filter(one -> path != null && one.unit == path.getCompilationUnit())
          .map(one -> one.path).findFirst().orElse("");
      lines.add(String.join("\t", "class", binary(type), name));
    }
    for (int number = 0; number < project.definitions.size(); number++) {
      define(number, project.definitions.get(number), breaks);
    }
    for (int number = 0; number < sites.size(); number++) plan(number + 1, sites.get(number), breaks);
    Files.write(file, lines);
    for (var source : project.sources.values()) {
      Files.writeString(root.resolve(source.path), broken(source.text, breaks.get(source)));
    }
  }

  private void define(int number, Project.Definition definition, Map<Source, TreeMap<Integer, Integer>> breaks) {
    var before = breaks.get(definition.source());
    if (definition.element() == null) {
      lines.add(String.join("\t", "lambda", "" + number, definition.id(), definition.source().path,
          "" + (lineAfter(definition.source(), before, definition.body())),
          "" + (lineAfter(definition.source(), before, definition.end()) - 1)));
    } else if (definition.element() instanceof TypeElement type) {
      // To make one is to enter the constructor of its base where that has one.
      if (targets.nearestConstructor(type) == null) lines.add(String.join("\t", "definition", "" + number, definition.id(), binary(type), "<init>", "*"));
    } else {
      var method = (ExecutableElement) definition.element();
      lines.add(String.join("\t", "definition", "" + number, definition.id(), ownerOf(method), nameOf(method), descriptor(method)));
    }
  }

  private void plan(int number, Calls.Site site, Map<Source, TreeMap<Integer, Integer>> breaks) {
    int line = lineAfter(site.source(), breaks.get(site.source()), site.openAt());
    boolean mayLeave = site.found() != null && site.found().outside();
    String name = site.name().isEmpty() ? "<init>" : site.name();
    boolean isNew = site.syntax().equals("new");
    lines.add(String.join("\t", "site", "" + number, site.id(), site.source().path, isNew ? "0" : "" + line,
        name, "" + mayLeave, isNew || site.nameAt() < 0 ? "0" : "" + lineAfter(site.source(), breaks.get(site.source()), site.nameAt())));
    if (!isNew || site.created() == null || site.container() == null) return;
    String within = site.container() instanceof Calls.Initializers initializers
        ? binary(initializers.type()) + "\t" + (initializers.isStatic() ? "<clinit>" : "<fields>") + "\t*"
        : site.container() instanceof Project.Definition definition && definition.element() instanceof ExecutableElement method
            ? ownerOf(method) + "\t" + nameOf(method) + "\t" + descriptor(method)
            : "lambda\t" + ((Project.Definition) site.container()).id() + "\t*";
    lines.add(String.join("\t", "new", "" + number, within, binary(site.created())));
  }

  /** The line of what stands behind the break at `offset`, once all breaks are made. */
  private static int lineAfter(Source source, TreeMap<Integer, Integer> breaks, int offset) {
    return source.lines.line(offset) + breaks.headMap(offset, true).size();
  }

  private static String broken(String text, TreeMap<Integer, Integer> breaks) {
    var out = new StringBuilder();
    int from = 0;
    for (int at : breaks.keySet()) {
      out.append(text, from, at).append('\n');
      from = at;
    }
    return out.append(text.substring(from)).toString();
  }

  private String ownerOf(ExecutableElement method) {
    return binary((TypeElement) method.getEnclosingElement());
  }

  private String binary(TypeElement type) {
    return project.elements.getBinaryName(type).toString().replace('.', '/');
  }

  private static String nameOf(ExecutableElement method) {
    return method.getKind() == ElementKind.CONSTRUCTOR ? "<init>" : method.getSimpleName().toString();
  }

  /** Its parameters as bytecode writes them, without those that javac adds to constructors of inner classes and enums. */
  private String descriptor(ExecutableElement method) {
    return method.getParameters().stream().map(Element::asType).map(this::descriptor).collect(Collectors.joining());
  }

  private String descriptor(TypeMirror type) {
    TypeMirror erased = project.types.erasure(type);
    return switch (erased.getKind()) {
      case BOOLEAN -> "Z";
      case BYTE -> "B";
      case CHAR -> "C";
      case SHORT -> "S";
      case INT -> "I";
      case LONG -> "J";
      case FLOAT -> "F";
      case DOUBLE -> "D";
      case ARRAY -> "[" + descriptor(((ArrayType) erased).getComponentType());
      default -> "L" + binary((TypeElement) ((DeclaredType) erased).asElement()) + ";";
    };
  }
}
