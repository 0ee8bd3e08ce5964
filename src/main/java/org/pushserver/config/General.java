// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.plugin.Plugins;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * What general.ini means.
 *
 * <p>Who may come in, and on which address, is FATAL when it is wrong; for anything else that is
 * wrong the default is used, with a warning.
 *
 * @param guardFiles the files of certificates and keys that the server's settings name
 * @param folders where all else is
 */
record General(
    ServerSettings server,
    List<Path> guardFiles,
    Delivery delivery,
    Optional<String> deadTokenUrl,
    Folders folders) {
  private static final String COMMAND_LINE = "command line";
  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final int DEFAULT_PORT = 8400;
  private static final String DEFAULT_LOG_FILE = "/var/log/sylk-pushserver/push.log";
  private static final long MIB = 1024 * 1024;

  private static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(15);

  /**
   * Reads the file's sections. Reads the files of certificates and API keys, so it may block.
   *
   * @return only to be used when no FATAL problem was reported
   */
  static General read(
      IniFile ini,
      Path directory,
      Overrides overrides,
      Plugins plugins,
      Consumer<Problem> problems) {
    ini.problems().forEach(problem -> problems.accept(weighed(problem)));
    new AccessKeys(ini, problems).check();
    reportUnknownSections(ini, problems);
    SectionReader paths = section(ini, Folders.SECTION, problems);
    SectionReader server = section(ini, "server", problems);
    SectionReader bounds = section(ini, "limits", problems);
    Limits limits = Limits.read(bounds);
    AccessSettings guards = new AccessSettings(server, directory, plugins, problems);
    SectionReader bus = section(ini, "bus", problems);
    SectionReader tokens = section(ini, TokenSettings.SECTION, problems);
    SectionReader cassandra = section(ini, CassandraSettings.SECTION, problems);
    AccessSettings busGuards = new AccessSettings(bus, directory, plugins, problems);
    List<Path> clusterFiles = new ArrayList<>();
    ClusterSettings cluster =
        ClusterSettings.read(
            ini,
            section(ini, ClusterSettings.SECTION, problems),
            directory,
            overrides.cluster(),
            clusterFiles::add,
            problems);
    return new General(
        server(
            server,
            guards,
            limits,
            queueMemory(bounds),
            BusSettings.read(bus, busGuards.keys()),
            ForeignDoors.read(section(ini, "doors", problems)),
            cassandra,
            cluster,
            tokens,
            directory,
            overrides,
            problems),
        Stream.of(guards.files(), busGuards.files(), clusterFiles).flatMap(List::stream).toList(),
        section(ini, "delivery", problems).delivery(Delivery.DEFAULT, Severity.WARNING),
        server.text("dead_token_url"),
        Folders.read(paths, directory));
  }

  /** Where all else is; what is wrong with that, {@link #read} tells. */
  static Folders folders(IniFile ini, Path directory) {
    return Folders.read(section(ini, Folders.SECTION, problem -> {}), directory);
  }

  /**
   * Python refuses the whole file for one bad line. A guard may stand in it; a key that is there
   * twice is another matter, unless it is a guard itself.
   */
  private static Problem weighed(Problem problem) {
    Severity severity = problem.severity();
    if (AccessKeys.contains(problem.key())) {
      severity = Severity.FATAL;
    } else if (severity == Severity.ERROR) {
      severity = problem.key().isEmpty() ? Severity.FATAL : Severity.WARNING;
    }
    return new Problem(
        severity, problem.file(), problem.section(), problem.key(), problem.message());
  }

  private static void reportUnknownSections(IniFile ini, Consumer<Problem> problems) {
    AccessKeys guards = new AccessKeys(ini, problems);
    for (String section : ini.sections().keySet()) {
      if (!KeyNames.GENERAL.containsKey(section) && !guards.isTold(section, "")) {
        String hint =
            KeyNames.nearest(section, KeyNames.GENERAL.keySet())
                .map(name -> "did you mean [" + name + "]?")
                .orElse("remove it");
        problems.accept(
            new Problem(
                Severity.WARNING, ini.file(), section, "", "unknown section, ignored; " + hint));
      }
    }
  }

  private static SectionReader section(IniFile ini, String name, Consumer<Problem> problems) {
    Set<String> known = KeyNames.GENERAL.get(name);
    Map<String, String> spelt = ini.sections().getOrDefault(name, ini.defaults());
    KeyNames.reportSpeltTwice(
        ini, name, spelt, known::contains, problem -> problems.accept(weighed(problem)));
    Map<String, String> keys = KeyNames.canonical(spelt, known::contains);
    AccessKeys guards = new AccessKeys(ini, problems);
    KeyNames.reportUnknown(
        ini,
        name,
        keys,
        known,
        problem -> {
          if (!guards.isTold(name, problem.key())) {
            problems.accept(problem);
          }
        });
    return new SectionReader(ini.file(), name, keys, problems);
  }

  private static ServerSettings server(
      SectionReader in,
      AccessSettings guards,
      Limits limits,
      long queueMemory,
      BusSettings bus,
      ForeignDoors doors,
      SectionReader cassandraKeys,
      ClusterSettings cluster,
      SectionReader tokens,
      Path directory,
      Overrides overrides,
      Consumer<Problem> problems) {
    String host = host(in, overrides, problems);
    int port = port(in, overrides, problems);
    Tls tls = guards.tls();
    Access access = guards.access();
    if (isHost(host)) {
      guards.warnWhenOpen(host, tls, access);
    }
    if (cluster != null && cluster.isHidden(host)) {
      in.report(
          Severity.WARNING,
          "host",
          "the other servers cannot see at "
              + host
              + " whether this one lives, when it does not answer them as a member: they go on with"
              + " its pushes then, and phones may ring twice; set host = "
              + cluster.address());
    }
    TrailSettings trail = TrailSettings.read(in, directory);
    CassandraSettings cassandra =
        CassandraSettings.read(cassandraKeys, TokenSettings.mayUseCluster(tokens), directory);
    return new ServerSettings(
        host,
        port,
        tls,
        in.flag("return_async", true),
        in.choice("on_disconnect", "continue", "cancel").equals("cancel"),
        access,
        limits,
        LogSettings.read(in, in.path("log_file", DEFAULT_LOG_FILE, directory), overrides.debug()),
        in.seconds("drain_timeout", DEFAULT_DRAIN_TIMEOUT, Severity.WARNING),
        queueMemory,
        admin(in, host, port),
        bus,
        doors,
        HepSettings.read(in),
        in.flag("acks", false),
        trail,
        ConsoleSettings.read(in, trail.isOn(), access),
        cassandra,
        cluster,
        TokenSettings.read(
            tokens,
            CassandraSettings.named(cassandraKeys, cassandra),
            cluster != null,
            trail.stateFolder(),
            directory),
        SpoolSettings.read(in, trail.stateFolder()));
  }

  private static long queueMemory(SectionReader in) {
    long heap = Runtime.getRuntime().maxMemory();
    long memory = in.size("queue_memory", MIB, ServerSettings.usualQueueMemory());
    if (memory > heap / 2) {
      in.report(
          Severity.WARNING,
          "queue_memory",
          "more than half of Java's heap, which has "
              + heap / MIB
              + " MB: the server may run out of memory; make this smaller, or give Java more"
              + " (-Xmx)");
    }
    return memory;
  }

  private static ListenAddress admin(SectionReader in, String host, int port) {
    String adminHost = in.text("admin_host").orElse(DEFAULT_HOST);
    if (!isHost(adminHost)) {
      in.report(Severity.FATAL, "admin_host", noHost(adminHost));
    }
    if (in.text("admin_port").isEmpty()) {
      if (in.text("admin_host").isPresent()) {
        in.report(
            Severity.WARNING,
            "admin_host",
            "it has no effect without admin_port; set both or none");
      }
      return null;
    }
    int adminPort = in.number("admin_port", 0, 65535, 0, Severity.FATAL);
    if (adminPort != 0 && adminPort == port && adminHost.equals(host)) {
      in.report(
          Severity.FATAL,
          "admin_port",
          port + " is where requests come in; choose another, or remove it to have both there");
    }
    return new ListenAddress(adminHost, adminPort);
  }

  private static String host(SectionReader in, Overrides overrides, Consumer<Problem> problems) {
    String host = in.text("host").orElse(DEFAULT_HOST);
    if (overrides.host() == null) {
      if (!isHost(host)) {
        in.report(Severity.FATAL, "host", noHost(host));
      }
      return host;
    }
    if (!isHost(overrides.host())) {
      problems.accept(
          new Problem(Severity.FATAL, COMMAND_LINE, "", "--ip", noHost(overrides.host())));
    }
    return overrides.host();
  }

  private static String noHost(String host) {
    return "'" + host + "' is neither an IP address nor a host name; the port is set apart";
  }

  private static boolean isHost(String host) {
    return NetUtil.isValidIpV4Address(host)
        || (NetUtil.isValidIpV6Address(host) && !host.startsWith("["))
        || host.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  }

  private static int port(SectionReader in, Overrides overrides, Consumer<Problem> problems) {
    Integer port = overrides.port();
    if (port == null) {
      return in.number("port", 0, 65535, DEFAULT_PORT, Severity.FATAL);
    }
    if (port < 0 || port > 65535) {
      problems.accept(
          new Problem(
              Severity.FATAL, COMMAND_LINE, "", "--port", port + " is not from 0 to 65535"));
      return DEFAULT_PORT;
    }
    return port;
  }
}
