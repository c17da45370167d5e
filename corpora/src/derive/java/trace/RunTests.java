package drift.trace;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs files of tests with JUnit, one after the other: arguments are a list of them, a report to write, and "traced" or not. */
public final class RunTests implements TestExecutionListener {
  private static final Pattern PACKAGE = Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);

  private int passed;
  private final List<String> failures = new ArrayList<>();

  private RunTests() {}

  public static void main(String[] args) throws Exception {
    var self = new RunTests();
    var launcher = LauncherFactory.create();
    for (String file : Files.readAllLines(Path.of(args[0]))) {
      if (args[2].equals("traced")) Tracer.test(Path.of(file).toAbsolutePath().toString());
      var named = PACKAGE.matcher(Files.readString(Path.of(file)));
      String simple = Path.of(file).getFileName().toString().replace(".java", "");
      String name = named.find() ? named.group(1) + "." + simple : simple;
      launcher.execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(name)).build(), self);
    }
    var lines = new ArrayList<>(List.of("" + self.passed));
    lines.addAll(self.failures);
    Files.write(Path.of(args[1]), lines);
    // Tests may leave threads behind.
    System.exit(0);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean isFailed = result.getStatus() == TestExecutionResult.Status.FAILED;
    if (isFailed) failures.add(test.getUniqueId().replaceAll("\\s+", " "));
    else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) passed++;
  }
}
