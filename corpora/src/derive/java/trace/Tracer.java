package drift.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What instrumented code calls. Right before an invocation it says which call site that is; a definition that is entered
 * next, from that very method, is what the site called. What is entered from elsewhere while a call is under way was
 * called by something outside: a callback.
 */
public final class Tracer {
  /** Where a site stands in bytecode, and what its target is called when that lies outside; null when it cannot. */
  private record Site(String method, String external) {}

  /** Of one thread: the site whose invocation comes next, 0 for none, and those that wait for a static initializer. */
  private static final class State {
    int site;
    final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    final Set<Long> direct = new HashSet<>();
  }

  /** Walks of the stack that end without finding the caller within so many frames are given up. */
  private static final int MAX_FRAMES = 400;

  private static final ThreadLocal<State> STATE = ThreadLocal.withInitial(State::new);
  private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES);
  private static final Map<Integer, Site> SITES = new HashMap<>();
  /** Methods that nobody wrote: bridges, default constructors. What they call, their caller called. */
  private static final Set<String> THROUGH = new HashSet<>();
  private static final Set<String> WRITTEN = new HashSet<>();
  private static final Writer OUT;

  static {
    try {
      OUT = Files.newBufferedWriter(Path.of(System.getProperty("drift.trace"), ProcessHandle.current().pid() + ".jsonl"));
      for (String line : Files.readAllLines(Path.of(System.getProperty("drift.table")))) {
        String[] said = line.split("\t", -1);
        if (said[0].equals("through")) THROUGH.add(said[1]);
        else SITES.put(Integer.valueOf(said[1]), new Site(said[2], said[3].isEmpty() ? null : said[3]));
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(Tracer::close));
  }

  private Tracer() {}

  /** From now on calls are witnessed by this file of tests. */
  public static synchronized void test(String file) {
    WRITTEN.clear();
    write("[\"t\",\"" + file + "\"]");
  }

  /** The invocation of this site comes next. */
  public static void before(int site) {
    STATE.get().site = site;
  }

  /** It came back; when nothing was entered, what it called lies outside. */
  public static void after(int site) {
    State state = STATE.get();
    if (state.site == site) left(site);
    state.site = 0;
  }

  /** A definition starts to run. */
  public static void enter(int definition) {
    State state = STATE.get();
    int site = state.site;
    if (site == 0) return;
    state.site = 0;
    long pair = ((long) site << 32) | definition;
    if (state.direct.contains(pair)) {
      record(site, "\"d\"", "" + definition);
      return;
    }
    switch (callerOf(SITES.get(site))) {
      case 1 -> {
        state.direct.add(pair);
        record(site, "\"d\"", "" + definition);
      }
      case 0 -> {
        left(site);
        record(site, "\"c\"", "" + definition);
      }
      default -> {} // The invocation ended long ago, by an exception.
    }
  }

  /** A static initializer runs between a site and what that calls. */
  public static void pause() {
    State state = STATE.get();
    state.waiting.push(state.site);
    state.site = 0;
  }

  public static void resume() {
    State state = STATE.get();
    if (!state.waiting.isEmpty()) state.site = state.waiting.pop();
  }

  /** 1 when the method of `site` called what just started, 0 when it is further up the stack, -1 when it is not there. */
  private static int callerOf(Site site) {
    return WALKER.walk(frames -> {
      var each = frames.skip(3).limit(MAX_FRAMES).iterator();
      boolean isDirect = true;
      while (each.hasNext()) {
        var frame = each.next();
        String method = frame.getClassName().replace('.', '/') + "#" + frame.getMethodName() + frame.getDescriptor();
        if (method.equals(site.method)) return isDirect ? 1 : 0;
        if (!THROUGH.contains(method)) isDirect = false;
      }
      return -1;
    });
  }

  private static void left(int site) {
    String name = SITES.get(site).external;
    if (name != null) record(site, "\"n\"", "\"" + name + "\"");
  }

  private static synchronized void record(int site, String kind, String target) {
    String line = "[" + site + "," + kind + "," + target + "]";
    if (WRITTEN.add(line)) write(line);
  }

  private static void write(String line) {
    try {
      OUT.write(line + "\n");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static synchronized void close() {
    try {
      OUT.flush();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
