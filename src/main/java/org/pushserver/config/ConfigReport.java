// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * Tells an operator in plain text what would run with a configuration, and what is wrong with it.
 * Pure; contains no secret.
 */
public final class ConfigReport {
  private ConfigReport() {}

  /**
   * What would run, and all problems.
   *
   * @param notes what else there is to know about the server, one line each
   * @param more what the push services found; an ERROR takes its application off the list
   */
  public static String render(Settings settings, List<String> notes, List<Problem> more) {
    List<Problem> problems = new ArrayList<>(settings.problems());
    problems.addAll(more);
    if (problems.stream().anyMatch(problem -> problem.severity() == Severity.FATAL)) {
      return "pushserver cannot start:\n" + render(problems);
    }
    Map<AppKey, AppConfig> running = new LinkedHashMap<>();
    settings.applications().stream()
        .filter(config -> !isStopped(config, more))
        .forEach(config -> running.put(config.key(), config));
    StringBuilder text = new StringBuilder();
    text.append("configuration: ").append(settings.directory()).append('\n');
    text.append("server: ").append(server(settings.server())).append('\n');
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    text.append("applications: ").append(running.size()).append('\n');
    for (AppConfig config : running.values()) {
      text.append("  ").append(application(config)).append('\n');
    }
    return text.append(render(problems)).toString();
  }

  /** Problems alone, the worst first; for a configuration with which the server may not start. */
  public static String render(List<Problem> problems) {
    if (problems.isEmpty()) {
      return "problems: none\n";
    }
    StringBuilder text = new StringBuilder("problems: ").append(problems.size()).append('\n');
    for (Severity severity : List.of(Severity.FATAL, Severity.ERROR, Severity.WARNING)) {
      for (Problem problem : problems) {
        if (problem.severity() == severity) {
          text.append("  ")
              .append(severity.name().toLowerCase(Locale.ROOT))
              .append(": ")
              .append(problem)
              .append('\n');
        }
      }
    }
    return text.toString();
  }

  private static boolean isStopped(AppConfig config, List<Problem> problems) {
    return problems.stream()
        .anyMatch(
            problem ->
                problem.severity() != Severity.WARNING
                    && problem.file().equals(config.file())
                    && problem.section().equals(config.section()));
  }

  private static String server(ServerSettings server) {
    return (server.tls() == null ? "http://" : "https://")
        + address(server.host(), server.port())
        + ", allowed: "
        + server.access().allowedHosts()
        + guards(server)
        + (server.waitForResult() ? ", clients wait for the result" : ", clients do not wait")
        + ", drain time-out "
        + SectionReader.seconds(server.drainTimeout())
        + " s"
        + (server.spool().isOn() ? ", spool " + server.spool().folder() : "")
        + (server.log().toFile() ? ", log file " + server.log().file() : "")
        + (server.log().json() ? ", log as JSON" : "")
        + (server.log().debug() ? ", debug" : "")
        + (server.admin() == null
            ? ""
            : ", health and metrics on http://"
                + address(server.admin().host(), server.admin().port()))
        + bus(server.bus())
        + doors(server.doors())
        + (server.cassandra() == null ? "" : ", Cassandra " + server.cassandra())
        + (server.cluster() == null ? "" : ", cluster " + server.cluster());
  }

  private static String address(String host, int port) {
    return ListenAddress.text(host, port);
  }

  private static String guards(ServerSettings server) {
    Access access = server.access();
    Rate rate = server.limits().rate();
    return (server.tls() == null || server.tls().clientAuthorities().isEmpty()
            ? ""
            : ", with a certificate")
        + (access.keys().isOpen() ? "" : ", with an API key (" + access.keys().size() + ")")
        + (access.trustedProxies().isNone() ? "" : ", through proxies " + access.trustedProxies())
        + (rate.isUnlimited() ? "" : ", each " + rate.perSecond() + " pushes per second");
  }

  private static String aliases(AppConfig config) {
    List<String> aliases = config.aliases();
    return aliases.isEmpty() ? "" : ", also " + String.join(", ", aliases);
  }

  /** Where it is not what it is by default. */
  private static String bus(BusSettings bus) {
    return (bus.prefix().equals(BusSettings.DEFAULT.prefix())
            ? ""
            : ", event bus addresses " + bus.prefix() + ".*")
        + (bus.push() ? "" : ", no pushes from the event bus")
        + (bus.keys().isOpen()
            ? ""
            : ", on the event bus with an API key (" + bus.keys().size() + ")");
  }

  private static String doors(ForeignDoors doors) {
    return doors.areShut()
        ? ""
        : ", open for "
            + Arrays.stream(ForeignDoor.values())
                .filter(doors.open()::contains)
                .map(ForeignDoor::key)
                .collect(Collectors.joining(", "));
  }

  private static String application(AppConfig config) {
    Delivery delivery = config.delivery();
    return "["
        + config.section()
        + "] "
        + config.key().appId()
        + " on "
        + config.key().platform()
        + aliases(config)
        + ", type "
        + config.type()
        + ", deadlines: call "
        + SectionReader.seconds(delivery.callDeadline())
        + " s, message "
        + SectionReader.seconds(delivery.messageDeadline())
        + " s, request "
        + SectionReader.seconds(delivery.requestTimeout())
        + " s, queue "
        + delivery.maxQueue()
        + ", connections "
        + delivery.maxConnections();
  }
}
