// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import io.vertx.core.net.PemTrustOptions;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.events.ReportEnd.Kind;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;

/**
 * What an application's section says about its remote collectors.
 *
 * @param section the label of the section
 * @param kind what is reported
 * @param urls where to report to
 * @param timeout for one answer
 * @param key whose value in the answer is logged; empty for none
 * @param secrets each signs each report; none when it is not signed
 * @param ca authorities to trust in addition to the system's; null for none
 */
record CollectorConfig(
    String section,
    Kind kind,
    List<URI> urls,
    Duration timeout,
    String key,
    List<String> secrets,
    Path ca) {
  static final String RESULTS = "results_url";
  private static final String RESULTS_SECRET = "results_secret";

  /** Who is told may write it on a note; it has to be more than a word. */
  private static final int SHORTEST_SECRET = 16;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  CollectorConfig {
    urls = List.copyOf(urls);
    secrets = List.copyOf(secrets);
  }

  /** The key that has the URLs. */
  private static String where(Kind kind) {
    return switch (kind) {
      case COLLECTOR -> "log_remote_urls";
      case WEBHOOK -> RESULTS;
      case DEAD_TOKENS -> "dead_token_url";
    };
  }

  /** Whether no answer is logged, because it may repeat what was reported. */
  boolean isSecretive() {
    return kind != Kind.COLLECTOR;
  }

  /** Who is told, in a word for the log. */
  String who() {
    return kind == Kind.WEBHOOK ? "webhook" : "collector";
  }

  /**
   * Reads the section; what is wrong in it is left out, with a warning. Blocks: looks at a file.
   *
   * @param kind what is reported
   */
  static CollectorConfig read(AppConfig config, Kind kind, Consumer<Problem> warnings) {
    String where = where(kind);
    List<URI> urls = new ArrayList<>();
    for (String text : config.setting(where).orElse("").split("[,\\s]+", -1)) {
      if (!text.isEmpty()) {
        url(text)
            .ifPresentOrElse(
                urls::add,
                () ->
                    warnings.accept(
                        config.warning(
                            where,
                            "one of them is no http or https URL with a host; it gets no"
                                + " reports")));
      }
    }
    return new CollectorConfig(
        config.section(),
        kind,
        urls,
        config
            .setting("log_remote_timeout")
            .map(value -> Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue()))
            .orElse(DEFAULT_TIMEOUT),
        config.setting("log_remote_key").orElse(""),
        kind == Kind.WEBHOOK
            ? resultSecrets(config, warnings)
            : config.setting("log_remote_secret").map(List::of).orElse(List.of()),
        // One warning is enough of what serves all.
        ca(config, kind == Kind.COLLECTOR ? warnings : told -> {}).orElse(null));
  }

  private static List<String> resultSecrets(AppConfig config, Consumer<Problem> warnings) {
    List<String> secrets =
        Stream.of(config.setting(RESULTS_SECRET).orElse("").split("[,\\s]+", -1))
            .filter(secret -> !secret.isEmpty())
            .toList();
    if (secrets.stream().anyMatch(secret -> secret.length() < SHORTEST_SECRET)) {
      warnings.accept(
          config.warning(
              RESULTS_SECRET,
              "one of them has fewer than "
                  + SHORTEST_SECRET
                  + " characters, and can be found by trying; use the output of: openssl rand -hex"
                  + " 32"));
    }
    return secrets;
  }

  /** A secret that signs nothing is a slip. */
  void warnOfLoneSecret(AppConfig config, Consumer<Problem> warnings) {
    if (!secrets.isEmpty() && config.setting(RESULTS).isEmpty()) {
      warnings.accept(
          config.warning(RESULTS_SECRET, "it has no effect without results_url; set both or none"));
    }
  }

  private static Optional<URI> url(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equalsIgnoreCase(url.getScheme());
      boolean https = "https".equalsIgnoreCase(url.getScheme());
      return url.getHost() != null && (http || https) ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> ca(AppConfig config, Consumer<Problem> warnings) {
    Optional<Path> file = config.path("log_remote_ca_file");
    if (file.isPresent() && !Files.isReadable(file.get())) {
      warnings.accept(
          config.warning(
              "log_remote_ca_file",
              file.get()
                  + " does not exist or may not be read; only the system's authorities are"
                  + " trusted"));
      return Optional.empty();
    }
    return file;
  }

  /** The authorities as Vert.x wants them; empty for none. */
  Optional<PemTrustOptions> extraTrust() {
    return Optional.ofNullable(ca).map(file -> new PemTrustOptions().addCertPath(file.toString()));
  }

  /** Without the URLs and the secret. */
  @Override
  public String toString() {
    return "[" + section + "] " + urls.size() + " " + who() + "s";
  }
}
