// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.pushserver.cli.Invocation;
import org.pushserver.cli.VersionLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushserver sandbox}: runs a sandbox until the process is told to end. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Runs stand-ins for APNs and FCM on this machine, to try a PBX without an Apple or Google"
          + " account.",
      "Makes certificates and keys, and a configuration directory with which the server uses them;"
          + " prints each notification that arrives."
    },
    footer = {
      "",
      "A device token chooses what goes wrong by how it begins: dead, bad0, slow (5105), busy"
          + " (b057), fail (fa11), lost (1057), down (d0a0), idle (1d1e), bade."
    })
public final class SandboxCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Where certificates and configuration are written. Default: pushserver-sandbox in"
              + " $XDG_CACHE_HOME, or in ~/.cache: private, unlike /tmp.")
  private Path directory = defaultDirectory();

  @Option(
      names = "--apns-port",
      paramLabel = "PORT",
      defaultValue = "8441",
      description = "Port of APNs, 0 for any. Default: ${DEFAULT-VALUE}")
  private int apnsPort;

  @Option(
      names = "--fcm-port",
      paramLabel = "PORT",
      defaultValue = "8442",
      description = "Port of FCM and OAuth, 0 for any. Default: ${DEFAULT-VALUE}")
  private int fcmPort;

  @Option(
      names = "--control-port",
      paramLabel = "PORT",
      defaultValue = "8440",
      description = "Port of the control API, 0 for any. Default: ${DEFAULT-VALUE}")
  private int controlPort;

  @Option(
      names = "--server-port",
      paramLabel = "PORT",
      defaultValue = "8400",
      description = "Port that the written general.ini gives the server. Default: ${DEFAULT-VALUE}")
  private int serverPort;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Port that it gives the server for health, metrics and the console. Default: none, and"
              + " then there is no console.")
  private int adminPort;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only count what arrives: for measuring.")
  private boolean quiet;

  @Option(
      names = "--app",
      paramLabel = "APP-ID[:TYPE]",
      description =
          "One more application for the written applications.ini, on both platforms. Type: sylk or"
              + " linphone; default: sylk. May be repeated. Apple's stand-in takes every topic in"
              + " any case.")
  private List<String> apps = List.of();

  @Option(
      names = "--json-log",
      paramLabel = "FILE",
      description =
          "Appends a line of JSON for each notification, with its whole token: for scripts.")
  private Path jsonLog;

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description =
          "Runs a command of the shell for each notification that was taken. It finds PUSH_TOKEN,"
              + " PUSH_EVENT, PUSH_CALL_ID, PUSH_APP, PUSH_SERVICE and PUSH_BODY in its"
              + " environment. At most 16 run at once.")
  private String exec;

  private static Path defaultDirectory() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("pushserver-sandbox");
  }

  /** Runs until SIGTERM or SIGINT. Returns 1 when it cannot start. */
  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (quiet && (jsonLog != null || exec != null)) {
      throw new ParameterException(
          spec.commandLine(), "--quiet only counts: leave it out for --json-log and --exec");
    }
    SandboxOptions options =
        new SandboxOptions(
            directory,
            apnsPort,
            fcmPort,
            controlPort,
            serverPort,
            adminPort,
            allApps(),
            true,
            quiet,
            // What is measured is to be the server without it.
            !quiet,
            quiet ? SandboxOutput.NONE : new SandboxOutput(out, jsonLog, exec));
    Vertx vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(noCache()));
    try {
      Sandbox sandbox =
          Sandbox.start(vertx, options).toCompletionStage().toCompletableFuture().get();
      greet(sandbox, out);
    } catch (ExecutionException e) {
      spec.commandLine().getErr().println("The sandbox cannot start: " + why(e.getCause()));
      vertx.close().toCompletionStage().toCompletableFuture().join();
      return 1;
    }
    // Only a signal ends it; the process then takes all ports with it.
    new CountDownLatch(1).await();
    return 0;
  }

  private List<SandboxApp> allApps() {
    List<SandboxApp> all = new ArrayList<>(SandboxApp.DEFAULTS);
    for (String app : apps) {
      String[] parts = app.split(":", 2);
      String type = parts.length == 2 ? parts[1] : "sylk";
      if (parts[0].isBlank() || !List.of("sylk", "linphone").contains(type)) {
        throw new ParameterException(
            spec.commandLine(),
            "--app wants APP-ID, APP-ID:sylk or APP-ID:linphone, not '" + app + "'");
      }
      all.add(SandboxApp.apple(parts[0] + "-apple", parts[0], type));
      all.add(SandboxApp.firebase(parts[0] + "-firebase", parts[0], type));
    }
    return all;
  }

  /** Nothing is unpacked from the jar, so no folder for it is needed: it may not be writable. */
  private static FileSystemOptions noCache() {
    return new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
  }

  private static String why(Throwable cause) {
    if (cause instanceof FileSystemException file) {
      return file.getFile()
          + (file.getReason() == null ? " cannot be written" : ": " + file.getReason());
    } else if (cause instanceof BindException) {
      return cause.getMessage() + "; choose other ports, 0 for any free one (--help)";
    }
    return cause.getMessage() == null ? "an unexpected error" : cause.getMessage();
  }

  private void greet(Sandbox sandbox, PrintWriter out) {
    String command = Invocation.command();
    out.println("APNs     https://127.0.0.1:" + sandbox.apnsPort() + " (HTTP/2 only)");
    out.println("FCM      https://127.0.0.1:" + sandbox.fcmPort());
    out.println("OAuth    " + OauthStandIn.uri(sandbox.fcmPort()));
    out.println(
        "Control  http://127.0.0.1:" + sandbox.controlPort() + " (in a browser: what phones got)");
    out.println("CA       " + sandbox.caFile());
    sandbox
        .kept()
        .forEach(
            file -> out.println("Kept, because you changed it (remove it for a new one): " + file));
    out.println("Start the server, in another terminal:");
    out.println(
        "  "
            + command
            + " --config-dir "
            + Invocation.quoted(sandbox.configDirectory().toString()));
    out.println("Send a push, in a third:");
    out.println(
        "  "
            + command
            + " push --url http://127.0.0.1:"
            + serverPort
            + "/push --platform apple --appid com.example.phone --token "
            + "6d".repeat(32)
            + " --from sip:alice@example.com --to sip:bob@example.com");
    out.flush();
  }
}
