package drift.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The plan, as the reader of sources wrote it; see its Plan. */
final class Planned {
  /** A `new` and the binary name of what it makes. */
  record New(int site, String type) {}

  private record Method(int number, String parameters) {}

  private record Lambda(int number, int first, int last) {}

  /** Files by the binary names of their classes. */
  final Map<String, String> files = new HashMap<>();
  /** Sites by file, line and name. */
  final Map<String, Integer> sites = new HashMap<>();
  /** Sites by file, name and the line of that: where bytecode calls an accessor instead, that is the line which it gives. */
  final Map<String, Integer> named = new HashMap<>();
  /** What sites call that may leave the corpus. */
  final Map<Integer, String> externals = new HashMap<>();
  /** What is made in each container, in the order of the source. */
  final Map<String, List<New>> made = new HashMap<>();
  /** The container that the code of a definition is. */
  final Map<Integer, String> containers = new HashMap<>();
  private final Map<String, List<Method>> methods = new HashMap<>();
  private final Map<String, List<Lambda>> lambdas = new HashMap<>();

  Planned(List<String> lines) {
    for (String line : lines) {
      String[] said = line.split("\t", -1);
      switch (said[0]) {
        case "class" -> files.put(said[1], said[2]);
        case "definition" -> {
          int number = Integer.parseInt(said[1]);
          methods.computeIfAbsent(said[3] + "#" + said[4], key -> new ArrayList<>()).add(new Method(number, said[5]));
          containers.put(number, said[3] + "\t" + said[4] + "\t" + said[5]);
        }
        case "lambda" -> {
          int number = Integer.parseInt(said[1]);
          lambdas.computeIfAbsent(said[3], key -> new ArrayList<>())
              .add(new Lambda(number, Integer.parseInt(said[4]), Integer.parseInt(said[5])));
          containers.put(number, "lambda\t" + said[2] + "\t*");
        }
        case "site" -> {
          int number = Integer.parseInt(said[1]);
          if (!said[4].equals("0")) sites.put(said[3] + ":" + said[4] + ":" + said[5], number);
          if (!said[7].equals("0")) named.put(said[3] + ":" + said[7] + ":" + said[5], number);
          if (said[6].equals("true")) externals.put(number, said[5]);
        }
        default -> made.computeIfAbsent(said[2] + "\t" + said[3] + "\t" + said[4], key -> new ArrayList<>())
            .add(new New(Integer.parseInt(said[1]), said[5]));
      }
    }
  }

  /** The definition that a compiled method is; null for what nobody wrote. */
  Integer definitionOf(String owner, String name, String descriptor, Set<Integer> lines, String file, boolean isSynthetic) {
    if (isSynthetic) return name.startsWith("lambda$") ? lambdaOf(file, lines) : null;
    var all = methods.getOrDefault(owner + "#" + name, List.of());
    String parameters = descriptor.substring(1, descriptor.indexOf(')'));
    Set<Integer> fitting = new HashSet<>();
    for (var one : all) {
      if (one.parameters().equals(parameters)) return one.number();
      // Constructors get what surrounds them in front, and the variables that they use behind.
      boolean fits = one.parameters().equals("*") || (name.equals("<init>") && parameters.contains(one.parameters()));
      if (fits) fitting.add(one.number());
    }
    return fitting.size() == 1 ? fitting.iterator().next() : null;
  }

  /** The innermost lambda that holds all lines of the code. */
  private Integer lambdaOf(String file, Set<Integer> lines) {
    Lambda best = null;
    for (var one : lambdas.getOrDefault(file, List.of())) {
      boolean holds = !lines.isEmpty() && lines.stream().allMatch(line -> one.first() <= line && line <= one.last());
      if (holds && (best == null || one.last() - one.first() < best.last() - best.first())) best = one;
    }
    return best == null ? null : best.number();
  }
}
