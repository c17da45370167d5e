package drift;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a request, a line each of `root`, `release`, `measured`, `context` and `test`, and prints as JSON what can be called and
 * which calls there are. With `plan <file>` it also rewrites the sources below `root` so that each call stands on a line
 * of its own, and writes to that file what the tracer has to know.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    Map<String, List<String>> request = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      int space = line.indexOf(' ');
      request.computeIfAbsent(line.substring(0, space), key -> new ArrayList<>()).add(line.substring(space + 1));
    }
    List<String> measured = request.getOrDefault("measured", List.of());
    List<String> files = new ArrayList<>(measured);
    files.addAll(request.getOrDefault("context", List.of()));
    files.sort(Comparator.naturalOrder());
    List<String> options = new ArrayList<>();
    for (String release : request.getOrDefault("release", List.of())) options.addAll(List.of("--release", release));
    Path root = Path.of(request.get("root").get(0));
    var project = new Project(root, files, request.getOrDefault("test", List.of()), options);
    var targets = new Targets(project);
    List<Calls.Site> sites = new ArrayList<>();
    for (String file : measured) sites.addAll(new Calls(project, targets, project.sources.get(file)).sites);
    if (request.containsKey("plan")) new Plan(project, targets, sites).write(root, Path.of(request.get("plan").get(0)));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.println(Json.of(answer(project, sites)));
    out.flush();
  }

  private static Map<String, Object> answer(Project project, List<Calls.Site> sites) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("version", System.getProperty("java.specification.version"));
    answer.put("problems", project.problems);
    answer.put("definitions", project.definitions.stream().map(Main::describe).toList());
    answer.put("sites", sites.stream().map(Main::describe).toList());
    return answer;
  }

  private static Map<String, Object> describe(Project.Definition definition) {
    Map<String, Object> said = new LinkedHashMap<>();
    var lines = definition.source().lines;
    said.put("id", definition.id());
    said.put("file", definition.source().path);
    said.put("span", span(lines, definition.start(), definition.end()));
    said.put("body", position(lines, definition.body()));
    said.put("name", definition.name());
    if (definition.classStart() >= 0) {
      Map<String, Object> header = position(lines, definition.classStart());
      header.put("body", position(lines, definition.classBody()));
      said.put("classHeader", header);
    }
    return said;
  }

  private static Map<String, Object> describe(Calls.Site site) {
    Map<String, Object> said = new LinkedHashMap<>();
    var lines = site.source().lines;
    said.put("id", site.id());
    said.put("file", site.source().path);
    said.put("span", span(lines, site.start(), site.end()));
    Map<String, Object> callee = null;
    if (site.nameAt() >= 0) {
      callee = new LinkedHashMap<>();
      callee.put("name", site.name());
      callee.putAll(position(lines, site.nameAt()));
    }
    said.put("callee", callee);
    said.put("syntax", site.syntax());
    said.put("stratum", site.stratum());
    List<Object> all = new ArrayList<>();
    var found = site.found();
    if (found != null) {
      for (String id : found.definitions()) all.add(Map.of("definition", id));
      if (found.outside()) all.add(Map.of("external", site.external()));
    }
    boolean isCertain = found != null && found.fixed() && all.size() == 1;
    said.put("must", isCertain ? all : List.of());
    said.put("may", isCertain ? List.of() : all);
    said.put("complete", !all.isEmpty());
    said.put("reason", !all.isEmpty() ? null : found == null ? "unresolved" : "no-implementation-found");
    return said;
  }

  private static Map<String, Object> span(Source.Lines lines, int start, int end) {
    Map<String, Object> said = position(lines, start);
    said.put("endLine", lines.line(end));
    said.put("endColumn", lines.column(end));
    return said;
  }

  private static Map<String, Object> position(Source.Lines lines, int offset) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("line", lines.line(offset));
    said.put("column", lines.column(offset));
    return said;
  }
}
