package drift.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Rewrites compiled classes by the plan that was made with their sources: arguments are the plan, the classes, a table to write. */
public final class Instrument {
  private final Planned plan;
  private final List<String> table = new ArrayList<>();
  /** What `access$NNN` calls, by class, name and descriptor: before Java 11 nested classes reach private methods through it. */
  private final Map<String, String> accessors = new HashMap<>();

  private Instrument(Planned plan) {
    this.plan = plan;
  }

  public static void main(String[] args) throws IOException {
    var self = new Instrument(new Planned(Files.readAllLines(Path.of(args[0]))));
    Path classes = Path.of(args[1]);
    Map<String, ClassNode> read = new TreeMap<>();
    for (String name : self.plan.files.keySet()) {
      Path file = classes.resolve(name + ".class");
      if (Files.exists(file)) read.put(name, read(Files.readAllBytes(file)));
    }
    read.forEach(self::noteAccessors);
    for (var entry : read.entrySet()) {
      Files.write(classes.resolve(entry.getKey() + ".class"), self.rewrite(entry.getValue(), entry.getKey()));
    }
    Files.write(Path.of(args[2]), self.table);
  }

  private static ClassNode read(byte[] bytes) {
    var node = new ClassNode();
    new ClassReader(bytes).accept(node, 0);
    return node;
  }

  private void noteAccessors(String owner, ClassNode node) {
    for (var method : node.methods) {
      if ((method.access & Opcodes.ACC_SYNTHETIC) == 0 || !method.name.startsWith("access$")) continue;
      for (var at : method.instructions) {
        // Those of fields call nothing.
        if (at instanceof MethodInsnNode call) accessors.put(owner + "#" + method.name + method.desc, call.name);
      }
    }
  }

  private byte[] rewrite(ClassNode node, String name) {
    for (var method : node.methods) rewrite(name, method);
    var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    return writer.toByteArray();
  }

  private void rewrite(String owner, MethodNode method) {
    if (method.instructions.size() == 0) return;
    var lines = linesOf(method);
    String path = plan.files.get(owner);
    Integer definition = plan.definitionOf(owner, method.name, method.desc, lines, path, (method.access & Opcodes.ACC_SYNTHETIC) != 0);
    if (definition == null && !method.name.equals("<clinit>")) table.add("through\t" + owner + "#" + method.name + method.desc);
    Map<AbstractInsnNode, Integer> sites = new HashMap<>(invocations(method, path));
    sites.putAll(constructions(owner, method, definition));
    for (var entry : sites.entrySet()) {
      var call = (MethodInsnNode) entry.getKey();
      int site = entry.getValue();
      table.add("site\t" + site + "\t" + owner + "#" + method.name + method.desc + "\t" + plan.externals.getOrDefault(site, ""));
      method.instructions.insertBefore(call, tell("before", site));
      method.instructions.insert(call, tell("after", site));
    }
    if (definition != null) method.instructions.insert(tell("enter", definition));
    if (method.name.equals("<clinit>")) {
      for (var at : method.instructions.toArray()) {
        if (at.getOpcode() == Opcodes.RETURN) method.instructions.insertBefore(at, tell("resume", -1));
      }
      method.instructions.insert(tell("pause", -1));
    }
  }

  private static InsnList tell(String what, int number) {
    var list = new InsnList();
    if (number >= 0) list.add(new LdcInsnNode(number));
    list.add(new MethodInsnNode(Opcodes.INVOKESTATIC, "drift/trace/Tracer", what, number >= 0 ? "(I)V" : "()V"));
    return list;
  }

  private static Set<Integer> linesOf(MethodNode method) {
    Set<Integer> lines = new HashSet<>();
    for (var at : method.instructions) if (at instanceof LineNumberNode line) lines.add(line.line);
    return lines;
  }

  /** Calls are known by the line of their `(`; `this(…)` and `super(…)` are those constructors that no `new` waits for. */
  private Map<AbstractInsnNode, Integer> invocations(MethodNode method, String path) {
    Map<AbstractInsnNode, Integer> found = new HashMap<>();
    int line = 0;
    int made = 0;
    for (var at : method.instructions) {
      if (at instanceof LineNumberNode number) line = number.line;
      if (at.getOpcode() == Opcodes.NEW) made++;
      if (!(at instanceof MethodInsnNode call)) continue;
      boolean isConstructor = call.name.equals("<init>");
      if (isConstructor && made > 0) {
        made--;
        continue;
      }
      String reached = accessors.get(call.owner + "#" + call.name + call.desc);
      Integer site = reached == null ? plan.sites.get(path + ":" + line + ":" + call.name)
          : plan.named.get(path + ":" + line + ":" + reached);
      if (site != null) found.put(call, site);
    }
    return found;
  }

  /** `new` has no line of its own: the n-th of a class in a method is the n-th in its source, where there are as many. */
  private Map<AbstractInsnNode, Integer> constructions(String owner, MethodNode method, Integer definition) {
    List<Planned.New> planned = new ArrayList<>();
    String key = method.name.equals("<clinit>") ? owner + "\t<clinit>\t*" : definition == null ? null : plan.containers.get(definition);
    boolean callsThis = false;
    Map<String, List<MethodInsnNode>> made = new HashMap<>();
    List<String> open = new ArrayList<>();
    for (var at : method.instructions) {
      if (at.getOpcode() == Opcodes.NEW) open.add(((TypeInsnNode) at).desc);
      if (!(at instanceof MethodInsnNode call) || !call.name.equals("<init>")) continue;
      int last = open.lastIndexOf(call.owner);
      if (last >= 0) {
        open.remove(last);
        made.computeIfAbsent(call.owner, none -> new ArrayList<>()).add(call);
      } else if (call.owner.equals(owner)) {
        callsThis = true;
      }
    }
    if (method.name.equals("<init>") && !callsThis) planned.addAll(plan.made.getOrDefault(owner + "\t<fields>\t*", List.of()));
    if (key != null) planned.addAll(plan.made.getOrDefault(key, List.of()));
    Map<AbstractInsnNode, Integer> found = new HashMap<>();
    for (var entry : made.entrySet()) {
      var fitting = planned.stream().filter(one -> one.type().equals(entry.getKey())).toList();
      if (fitting.size() != entry.getValue().size()) continue;
      for (int index = 0; index < fitting.size(); index++) found.put(inOrder(entry.getValue(), method).get(index), fitting.get(index).site());
    }
    return found;
  }

  /** Ordered by where their NEW stands, which comes before the arguments, like the word in the source. */
  private static List<MethodInsnNode> inOrder(List<MethodInsnNode> calls, MethodNode method) {
    Map<MethodInsnNode, Integer> starts = new HashMap<>();
    List<TypeInsnNode> open = new ArrayList<>();
    for (var at : method.instructions) {
      if (at.getOpcode() == Opcodes.NEW) open.add((TypeInsnNode) at);
      if (!(at instanceof MethodInsnNode call) || !call.name.equals("<init>")) continue;
      for (int last = open.size() - 1; last >= 0; last--) {
        if (!open.get(last).desc.equals(call.owner)) continue;
        starts.put(call, method.instructions.indexOf(open.remove(last)));
        break;
      }
    }
    return calls.stream().sorted((a, b) -> starts.get(a) - starts.get(b)).toList();
  }
}
