// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Reason;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark; run by bin/bench in the top directory of a checkout. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures the packaged server beside a null relay and pushy, on this machine alone. Without"
            + " an option it takes a quarter of an hour.")
public final class Bench implements Callable<Integer> {
  /** All that a goal needs; what was measured least often comes first. */
  private static final List<String> GOALS =
      List.of(
          FirstPush.NAME,
          Speed.NAME,
          TellingCost.TRAIL,
          Bus.NAME,
          ScriptedPush.NAME,
          "delivery",
          Applications.NAME,
          TokenPushes.NAME,
          SpoolCost.NAME,
          ClusterPair.NAME);

  private static final long NANOS_PER_S = 1_000_000_000;

  private static final Map<String, List<Scenario>> SCENARIOS = scenarios();

  private static final class Length {
    @Option(names = "--quick", description = "Some three minutes; to compare before and after.")
    private boolean quick;

    @Option(names = "--full", description = "Up to 1000 applications and 1000000 waiting pushes.")
    private boolean full;

    Plan plan() {
      return quick ? Plan.QUICK : full ? Plan.FULL : Plan.USUAL;
    }
  }

  @ArgGroup private Length length = new Length();

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description =
          "Only this: speed, start, delivery (outage and isolation), applications; or bus, which"
              + " measures pushes over the event bus beside HTTP, or trail, which measures a server"
              + " with its trail beside one without, or told, which does so with acks, hep_url and"
              + " results_url, or tokens, which measures pushes to accounts beside pushes to tokens,"
              + " and the import of devices, or spool, which measures what the spool costs a 202, and"
              + " how fast what was left goes on, or cluster, which measures two servers that are one"
              + " beside one alone, or doors, which measures JSON, a form and three contacts, or"
              + " pushclient, which measures a push from a script, or regression, which looks for"
              + " what is worse than the baseline, or micro, which measures the hot pieces by"
              + " themselves; or goals, which measures all that there is a goal for.")
  private List<String> only = List.of("speed", "start", "delivery", "applications");

  @Option(
      names = "--baseline",
      paramLabel = "OTHER",
      description = "Measures another jar, or a checkout with its own, in turn with this one.")
  private Path baseline;

  @Option(
      names = "--at-most",
      paramLabel = "PERCENT",
      description =
          "With --baseline: ends with 1 when ours needs so much more CPU time for a push, or more"
              + " memory, or longer to start.")
  private Double most;

  @Option(
      names = "--against",
      arity = "2",
      paramLabel = "gorush PATH",
      hideParamSyntax = true,
      description =
          "gorush PATH: also measures gorush, the binary that you have built, with the same requests"
              + " and the same sink, in speed and start.")
  private List<String> against = List.of();

  @Option(
      names = "--within",
      paramLabel = "MINUTES",
      description =
          "Ends after so many minutes, which are 120 unless you say otherwise: prints what was"
              + " measured until then, and ends with 1.")
  private int minutes = 120;

  @Option(names = "--json", description = "Prints JSON instead of a table.")
  private boolean json;

  @Spec private CommandSpec spec;

  private static Map<String, List<Scenario>> scenarios() {
    Map<String, List<Scenario>> scenarios = new LinkedHashMap<>();
    scenarios.put(Speed.NAME, List.of(new Speed()));
    scenarios.put(FirstPush.NAME, List.of(new FirstPush()));
    scenarios.put("delivery", List.of(new Outage(), new Isolation()));
    scenarios.put(Outage.NAME, List.of(new Outage()));
    scenarios.put(Isolation.NAME, List.of(new Isolation()));
    scenarios.put(Applications.NAME, List.of(new Applications()));
    scenarios.put(Bus.NAME, List.of(new Bus()));
    scenarios.put(TellingCost.TRAIL, List.of(TellingCost.trail()));
    scenarios.put(TellingCost.TOLD, List.of(TellingCost.told()));
    scenarios.put(TokenPushes.NAME, List.of(new TokenPushes()));
    scenarios.put(Regression.NAME, List.of(new Regression()));
    scenarios.put(Doors.NAME, List.of(new Doors()));
    scenarios.put(SpoolCost.NAME, List.of(new SpoolCost()));
    scenarios.put(ClusterPair.NAME, List.of(new ClusterPair()));
    scenarios.put(ScriptedPush.NAME, List.of(new ScriptedPush()));
    scenarios.put(Micro.NAME, List.of(new Micro()));
    scenarios.put("goals", GOALS.stream().map(scenarios::get).flatMap(List::stream).toList());
    return scenarios;
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    // However it ends: no process that it started outlives it.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
    System.exit(
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(
                (cause, command, parsed) -> {
                  if (!(cause instanceof BenchException)) {
                    throw cause;
                  }
                  command.getErr().println("bench: " + cause.getMessage());
                  return command.getCommandSpec().exitCodeOnExecutionException();
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report();
    List<String> wrong = new ArrayList<>();
    CompletableFuture.delayedExecutor(minutes, TimeUnit.MINUTES).execute(() -> stop(report));
    try (Stage stage = new Stage()) {
      double percent = most == null ? Regression.USUAL_PERCENT : most;
      Run run = new Run(stage, builds(stage), length.plan(), report, rival(), percent);
      for (Scenario scenario : chosen()) {
        play(scenario, run).ifPresent(wrong::add);
      }
    } finally {
      // What was measured before something failed is not lost.
      print(report);
    }
    if (most != null) {
      Regression.found(report, most).forEach(line -> wrong.add("worse: " + line));
    }
    wrong.forEach(line -> spec.commandLine().getErr().println("bench: " + line));
    return wrong.isEmpty() ? 0 : 1;
  }

  /** Time is up: what was measured is told, and all that was started ends with this process. */
  private void stop(Report report) {
    try {
      print(report);
    } catch (IOException e) {
      Run.say("bench: what was measured is lost: " + Reason.of(e));
    }
    Run.say("bench: stopped after " + minutes + " minutes");
    System.exit(1);
  }

  /** The others are measured all the same: what failed. */
  private static Optional<String> play(Scenario scenario, Run run) throws Exception {
    int before = run.stage().mark();
    long began = System.nanoTime();
    String name = scenario.getClass().getSimpleName();
    try {
      scenario.play(run);
      Run.say(name + " took " + (System.nanoTime() - began) / NANOS_PER_S + " s");
      return Optional.empty();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      run.stage().close(before);
      String what = name + " failed: " + Reason.of(e);
      Run.say(what);
      return Optional.of(what);
    }
  }

  private void print(Report report) throws IOException {
    spec.commandLine()
        .getOut()
        .print(json ? json(Machine.here(), report) : text(Machine.here(), report));
    spec.commandLine().getOut().flush();
  }

  private Set<Scenario> chosen() {
    Set<Scenario> chosen = new LinkedHashSet<>();
    for (String name : only) {
      if (!SCENARIOS.containsKey(name)) {
        throw new ParameterException(
            spec.commandLine(), "--only must be one of " + SCENARIOS.keySet() + ", not " + name);
      }
      chosen.addAll(SCENARIOS.get(name));
    }
    return chosen;
  }

  private Optional<Gorush> rival() {
    if (against.isEmpty()) {
      return Optional.empty();
    }
    Path binary = Path.of(against.get(1));
    if (!against.get(0).equals("gorush") || !Files.isExecutable(binary)) {
      throw new ParameterException(
          spec.commandLine(), "--against gorush PATH: PATH is the program that you have built");
    }
    return Optional.of(new Gorush(binary.toAbsolutePath()));
  }

  private List<Build> builds(Stage stage) throws Exception {
    List<Build> builds = new ArrayList<>(List.of(Build.ours()));
    if (baseline != null) {
      if (!Files.exists(baseline)) {
        throw new ParameterException(spec.commandLine(), "--baseline: there is no " + baseline);
      }
      builds.add(Build.baseline(baseline, stage.dir()));
    }
    return builds;
  }

  private static String text(Machine machine, Report report) {
    return machine.text() + "\n\n" + Table.render(report) + Goals.render(report);
  }

  /** All of it, as a program reads it: each figure with all its rounds. */
  static String json(Machine machine, Report report) throws JsonProcessingException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("figures", report.figures());
    all.put("goals", Goals.judge(report));
    all.put("notMeasured", Goals.missing(report));
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all)
        + "\n";
  }
}
