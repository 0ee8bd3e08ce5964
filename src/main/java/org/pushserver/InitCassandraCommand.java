// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.pushserver.cassandra.CassandraSetup;
import org.pushserver.cassandra.CassandraSetup.Found;
import org.pushserver.cli.VersionLine;
import org.pushserver.config.CassandraSettings;
import org.pushserver.config.Overrides;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.spi.Reason;
import org.pushserver.tokens.TokenStoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens init-cassandra}: makes the tables for tokens in Cassandra. */
@Command(
    name = "init-cassandra",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Makes the keyspace and the tables that [Cassandra] in general.ini names, where they are not"
          + " there yet. What is there is not changed.",
      "It asks before it makes something; with --yes it does not ask."
    },
    footer = {
      "",
      "Exit code: 0 when all is there; 1 when it could not be made, or you did not want it."
    })
final class InitCassandraCommand implements Callable<Integer> {
  private static final String COPIES = "[0-9]{1,3}";

  @Spec private CommandSpec spec;

  @Option(
      names = {"--config-dir", "--config_dir"},
      paramLabel = "DIR",
      description =
          "The directory with general.ini. Without it: the first that exists of /etc/pushserver,"
              + " /etc/sylk-pushserver, ./config.")
  private Path directory;

  @Option(
      names = {"-y", "--yes"},
      description = "Make it without asking.")
  private boolean isAgreed;

  @Option(
      names = "--replication",
      paramLabel = "N",
      description =
          "How many nodes keep each token, for a keyspace that is made: a number, or one for each"
              + " datacenter: DC1:3,DC2:2. Default: 3, or as many as there are nodes.")
  private String replication;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Vertx vertx = OwnVertx.create();
    try {
      return run(vertx);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return failed(cause instanceof TokenStoreException ? cause.getMessage() : Reason.of(cause));
    } finally {
      spec.commandLine().getOut().flush();
      spec.commandLine().getErr().flush();
      Main.closeQuietly(vertx);
    }
  }

  private int failed(String message) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + message);
    return 1;
  }

  private int run(Vertx vertx) throws InterruptedException, ExecutionException, IOException {
    Settings read =
        Main.await(new SettingsReader(vertx).look(new Overrides(directory, null, null, false)));
    read.plugins().release();
    CassandraSettings settings = read.server().cassandra();
    if (settings == null) {
      return failed(
          "general.ini names no cluster: set cluster_contact_points and keyspace in [Cassandra]; "
              + read.general());
    }
    Logging.applyToDriver(settings);
    CassandraSetup setup = Main.await(CassandraSetup.connect(vertx, settings));
    try {
      return make(setup, settings);
    } finally {
      Void unused = Main.await(setup.close());
    }
  }

  private int make(CassandraSetup setup, CassandraSettings settings)
      throws InterruptedException, ExecutionException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    Found found = Main.await(setup.look());
    out.println("Cassandra: " + settings.nodes() + ", datacenter " + found.datacenter());
    if (found.missing().isEmpty()) {
      out.println("Keyspace " + settings.keyspace() + " has both tables. Nothing to do.");
      return 0;
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Map<String, Integer> replicas = Map.of();
    if (!found.hasKeyspace()) {
      replicas = replicas(found, in, out);
      out.println("New keyspace: " + settings.keyspace() + ", copies " + text(replicas));
    }
    found
        .missing()
        .forEach(table -> out.println("New table: " + settings.keyspace() + "." + table));
    if (!isAgreed && !ask(in, out, "Make it? [y/N] ").toLowerCase(Locale.ROOT).startsWith("y")) {
      return failed("nothing was made");
    }
    Void unused = Main.await(setup.create(found, replicas));
    out.println("Done.");
    return 0;
  }

  private Map<String, Integer> replicas(Found found, BufferedReader in, PrintWriter out)
      throws IOException {
    int usual = Math.min(3, found.nodes());
    String wanted = replication;
    if (wanted == null && !isAgreed) {
      wanted =
          ask(
              in,
              out,
              "How many nodes keep each token (of " + found.nodes() + ")? [" + usual + "] ");
    }
    if (wanted == null || wanted.isEmpty()) {
      return Map.of(found.datacenter(), usual);
    }
    Map<String, Integer> replicas = new LinkedHashMap<>();
    for (String part : wanted.split(",", -1)) {
      int colon = part.lastIndexOf(':');
      String number = part.substring(colon + 1).strip();
      String datacenter = colon < 0 ? found.datacenter() : part.substring(0, colon).strip();
      if (!number.matches(COPIES) || number.matches("0+") || datacenter.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "'" + wanted + "' is no number of copies: give one such as 3, or DC1:3,DC2:2");
      }
      Integer unused = replicas.put(datacenter, Integer.parseInt(number));
    }
    return replicas;
  }

  private static String text(Map<String, Integer> replicas) {
    StringBuilder text = new StringBuilder();
    replicas.forEach(
        (datacenter, number) ->
            text.append(text.isEmpty() ? "" : ", ").append(datacenter).append(": ").append(number));
    return text.toString();
  }

  /** The answer without white space; nothing when nobody answers. */
  private static String ask(BufferedReader in, PrintWriter out, String question)
      throws IOException {
    out.print(question);
    out.flush();
    String answer = in.readLine();
    if (answer == null) {
      out.println();
      return "";
    }
    return answer.strip();
  }
}
