// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.pushserver.cli.Mistakes;
import org.pushserver.cli.Version;
import org.pushserver.cli.VersionLine;
import org.pushserver.client.PushCommand;
import org.pushserver.config.ConfigReport;
import org.pushserver.config.Doors;
import org.pushserver.config.Overrides;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.log.OwnProcess;
import org.pushserver.route.TlsHeadStart;
import org.pushserver.sandbox.SandboxCommand;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Reason;
import org.pushserver.systemd.ServiceManager;
import org.pushserver.systemd.Systemd;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code pushserver [serve | check-config | why | calls | tokens | api-key |
 * sandbox | push | archive]}.
 */
@Command(
    name = "pushserver",
    description =
        "Push-notification dispatcher for telephony: one HTTP POST becomes a ringing phone.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    subcommands = {
      Main.Serve.class,
      CheckConfigCommand.class,
      WhyCommand.class,
      CallsCommand.class,
      TokensCommand.class,
      ApiKeyCommand.class,
      RehearseCommand.class,
      SandboxCommand.class,
      PushCommand.class,
      ArchiveCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Callable<Integer> {
  static final int BAD_CONFIGURATION = 1;

  /** Longer than any start that goes well: what comes then is not to be ended any more. */
  private static final Duration START = Duration.ofSeconds(30);

  /** What there is to end. */
  private record Running(Reloader reloader, Server server, OwnCluster cluster) {}

  /** What the server and {@code check-config} are told about the configuration. */
  static final class Where {
    @Option(
        names = {"--config-dir", "--config_dir"},
        paramLabel = "DIR",
        description =
            "The directory with general.ini. Without it: the first that exists of"
                + " /etc/pushserver, /etc/sylk-pushserver, ./config.")
    private Path directory;

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "Listen on this address.")
    private String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Listen on this port.")
    private Integer port;

    @Option(names = "--debug", description = "Log in more detail.")
    private boolean debug;

    @Option(
        names = "--cluster",
        description =
            "Only start as a member of the cluster that [cluster] in general.ini describes. Without"
                + " this a server is a member, too, if there is that section.")
    private boolean cluster;

    /** Of the old daemon, which this one never leaves its terminal for. */
    @Option(
        names = {"--no-fork", "--no_fork"},
        hidden = true,
        description = "Taken, and changes nothing: this server never forks.")
    @SuppressWarnings("unused")
    private boolean noFork;

    @Option(
        names = "--small",
        description =
            "Takes as little memory as goes, for up to 1000 pushes a second. bin/pushserver does"
                + " that, before Java starts, and by itself where there is little memory.")
    @SuppressWarnings("unused")
    private boolean small;

    @Option(
        names = "--take-over-from",
        paramLabel = "PID",
        description =
            "Takes the place of a server that runs, without a gap: listens on the same port, then"
                + " asks process PID to end.")
    private Long other;

    Overrides overrides() {
      return new Overrides(directory, host, port, debug, cluster);
    }
  }

  @Mixin private Where where;
  @Spec private CommandSpec spec;

  /** Runs the program. */
  public static void main(String[] arguments) throws InterruptedException {
    OwnProcess.claim();
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    // Flight Recorder's classes take 50 ms of a start. Who wants Netty's events says true.
    System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    // Java encrypts keys in memory, though their files do not: 10 000 rounds, several times for
    // each.
    System.getProperties().putIfAbsent("keystore.pkcs12.keyPbeIterationCount", "1");
    // Else numbers in messages, and in what libraries write, have the digits of who started it.
    Locale.setDefault(Locale.ROOT);
    Optional<Overrides> plain = PlainOptions.read(arguments);
    int code =
        plain.isPresent()
            ? serve(plain.get(), null, new PrintWriter(System.err, true, Charset.defaultCharset()))
            : Mistakes.commandLine(new Main()).execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Without a subcommand it serves, as the old daemon does. */
  @Override
  public Integer call() throws InterruptedException {
    return serve(where.overrides(), where.other, spec.commandLine().getErr());
  }

  /** {@code pushserver serve}. */
  @Command(
      name = "serve",
      mixinStandardHelpOptions = true,
      versionProvider = VersionLine.class,
      description = "Runs the server; the same as no command at all.")
  static final class Serve implements Callable<Integer> {
    @Mixin private Where where;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      return serve(where.overrides(), where.other, spec.commandLine().getErr());
    }
  }

  /** Returns once the server runs; its own threads keep the process alive. */
  private static int serve(Overrides overrides, Long other, PrintWriter err)
      throws InterruptedException {
    TlsHeadStart.begin();
    OwnCluster.prepare(overrides);
    Vertx vertx = OwnVertx.create();
    try {
      TakeOver takeOver = other == null ? null : TakeOver.from(other);
      Server unused =
          start(
              vertx,
              overrides,
              takeOver == null ? Doors.ALL : Doors.TAKEN_OVER,
              serviceManager(vertx));
      if (takeOver != null) {
        takeOver.complete();
      }
      return 0;
    } catch (ConfigException e) {
      err.print(explain(e));
      err.flush();
      closeQuietly(vertx);
      return BAD_CONFIGURATION;
    } catch (ExecutionException e) {
      err.print(explain(e.getCause()));
      err.flush();
      closeQuietly(vertx);
      return BAD_CONFIGURATION;
    }
  }

  /**
   * Starts the server that is this process from now on: with its signals, its log, and an eye on
   * its files.
   *
   * @param doors which to open
   * @param manager told of its life
   * @throws ExecutionException when it cannot start; its cause says why
   */
  static Server start(Vertx vertx, Overrides overrides, Doors doors, ServiceManager manager)
      throws InterruptedException, ExecutionException {
    // However the process ends, what was logged is written.
    Runtime.getRuntime().addShutdownHook(new Thread(Logging::close, "pushserver-shutdown"));
    Promise<Running> started = Promise.promise();
    Signals.handleHangup(
        () -> started.future().onSuccess(running -> manager.reloading(running.reloader().check())));
    // Before a port is open: what is accepted in the first moment is to be ended, too.
    Signals.handleEnd(
        () -> stop(started.future(), manager, Server::stop),
        () ->
            stop(
                started.future(),
                manager,
                server -> OwnTransport.stopListening(vertx).compose(closed -> server.handOver())));
    SettingsReader reader = new SettingsReader(vertx);
    Settings settings = await(reader.read(overrides));
    Logging.apply(settings.server().log());
    Logging.applyToDriver(settings.server().cassandra());
    Logging.say(
        "Pushserver "
            + Version.current()
            + " starts with the configuration in "
            + settings.directory().toAbsolutePath());
    OwnCluster cluster = OwnCluster.join(settings, doors);
    Vertx own = cluster == null ? vertx : cluster.vertx();
    Server server = await(Server.start(own, settings, doors));
    Reloader reloader =
        new Reloader(
            vertx,
            new VertxTime(vertx),
            reader,
            overrides,
            server,
            changed -> apply(changed, cluster));
    started.complete(new Running(reloader, server, cluster));
    await(reloader.start());
    manager.started(server.applications(), EventLoops.contexts(own));
    return server;
  }

  /** What of changed settings is the process's. Worker thread. */
  private static void apply(ServerSettings changed, OwnCluster cluster) {
    Logging.apply(changed.log());
    if (cluster != null) {
      cluster.apply(changed.cluster());
    } else if (changed.cluster() != null) {
      Logging.say("[cluster]: this server belongs to none until the next start");
    }
  }

  private static ServiceManager serviceManager(Vertx vertx) {
    Map<String, String> environment = System.getenv();
    return environment.getOrDefault(ServiceManager.ADDRESS, "").isEmpty()
        ? ServiceManager.NOBODY
        : Systemd.open(
            environment,
            ProcessHandle.current().pid(),
            EventLoops.context(vertx),
            new VertxTime(vertx));
  }

  static String explain(Throwable cause) {
    return cause instanceof ConfigException config
        ? "pushserver cannot start:\n" + ConfigReport.render(config.problems())
        : "pushserver cannot start: " + Reason.of(cause) + "\n";
  }

  /**
   * Bounded: a process that was told to end has to end. What Vert.x still holds ends with it.
   *
   * @param started completes when there is something to end
   * @return whether all ended in time
   */
  private static boolean stop(
      Future<Running> started, ServiceManager manager, Function<Server, Future<Void>> ending) {
    try {
      Running running = within(START, started);
      Duration bound = running.server().longestStop();
      manager.stopping(bound);
      return stop(running, bound, ending);
    } catch (TimeoutException e) {
      Logging.report("it has not started within " + START.toSeconds() + " s; it is cut off");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean stop(
      Running running, Duration bound, Function<Server, Future<Void>> ending)
      throws InterruptedException {
    try {
      within(bound, running.reloader().close().compose(closed -> ending.apply(running.server())));
      if (running.cluster() != null) {
        running.cluster().leave();
      }
      Logging.say("stopped: all that was accepted has ended");
      return true;
    } catch (TimeoutException e) {
      Logging.report("not all has ended within " + bound.toSeconds() + " s; it is cut off");
    } catch (ExecutionException e) {
      Logging.fault(
          "stopping went wrong, which is a fault of Pushserver; the process ends all the same",
          e.getCause());
    }
    return false;
  }

  @CanIgnoreReturnValue
  private static <T> T within(Duration bound, Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(bound.toMillis(), TimeUnit.MILLISECONDS);
  }

  static void closeQuietly(Vertx vertx) throws InterruptedException {
    try {
      await(vertx.close());
    } catch (ExecutionException e) {
      Logging.fault(
          "ending went wrong, which is a fault of Pushserver; the process ends all the same",
          e.getCause());
    }
  }

  /** For the main thread alone; an event loop never waits. */
  static <T> T await(Future<T> future) throws InterruptedException, ExecutionException {
    return future.toCompletionStage().toCompletableFuture().get();
  }
}
