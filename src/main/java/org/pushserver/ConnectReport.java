// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pushserver.dispatch.CredentialTrial.Ended;
import org.pushserver.spi.Trial.Finding;

/** What came of {@code check-config --connect}, in an operator's words. */
final class ConnectReport {
  private static final Map<Finding, String> WORDS =
      Map.of(
          Finding.TAKEN, "accepted",
          Finding.UNTRIED, "reached",
          Finding.REFUSED, "REFUSED",
          Finding.UNREACHED, "NOT REACHED",
          Finding.UNKNOWN, "NO CLEAR ANSWER");

  /** What a part of a message, in lower case, is a sign of; the first that fits counts. */
  private static final List<Map.Entry<List<String>, String>> ADVICE =
      List.of(
          Map.entry(
              List.of("cannot reach the proxy", "made no tunnel"),
              "this is about the proxy, not the push service: check proxy_url, and what the proxy"
                  + " allows"),
          Map.entry(
              List.of("resolve", "unknownhost", "search domain", "nxdomain", "name server"),
              "the name could not be looked up: check the name, and this machine's name server"
                  + " (DNS)"),
          Map.entry(
              List.of("bad_certificate", "certificate_", "handshake_failure"),
              "the other end broke off the encrypted connection (TLS): it does not accept the"
                  + " client certificate, or something between here and there interferes"),
          Map.entry(
              List.of("pkix", "certificate", "ssl", "handshake", "tls"),
              "no encrypted connection (TLS): something between here and there may open it, such as"
                  + " a firewall that inspects traffic; or this machine does not know who signed"
                  + " the other end's certificate"),
          Map.entry(
              List.of(
                  "refused", "timed out", "timeout", "unreachable", "no route", "no connection"),
              "a firewall may be in between: this machine must be allowed to connect to that"
                  + " address and port"));

  private ConnectReport() {}

  /**
   * The result for each application, a line each and a line at the end.
   *
   * @param ended in the order of the report
   */
  static String render(List<Ended> ended) {
    StringBuilder text = new StringBuilder("\nTried with the push services; no phone rings:\n");
    int width = ended.stream().mapToInt(one -> section(one).length()).max().orElse(0);
    for (Ended one : ended) {
      String words = one.trial().words();
      text.append("  ")
          .append(String.format(Locale.ROOT, "%-" + (width + 2) + "s", section(one)))
          .append(WORDS.get(one.trial().finding()))
          .append(words.isEmpty() ? "" : ": " + words)
          .append('\n');
      String advice = one.trial().finding() == Finding.UNREACHED ? advice(words) : "";
      if (!advice.isEmpty()) {
        text.append("      ").append(advice).append('\n');
      }
    }
    long bad = ended.stream().filter(one -> !isGood(one)).count();
    return text.append(
            bad == 0
                ? "All of them can be used from this machine.\n"
                : bad + " of " + ended.size() + " cannot be used from this machine.\n")
        .toString();
  }

  private static String section(Ended one) {
    return "[" + one.application().section() + "]";
  }

  /** Whether nothing was found that keeps an application from sending. */
  static boolean isGood(List<Ended> ended) {
    return ended.stream().allMatch(ConnectReport::isGood);
  }

  private static boolean isGood(Ended one) {
    Finding finding = one.trial().finding();
    return finding == Finding.TAKEN || finding == Finding.UNTRIED;
  }

  private static String advice(String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    return ADVICE.stream()
        .filter(entry -> entry.getKey().stream().anyMatch(lower::contains))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
