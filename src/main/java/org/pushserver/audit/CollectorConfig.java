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
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;

/**
 * What an application's section says about its remote collectors.
 *
 * @param section the label of the section
 * @param urls where to report to
 * @param timeout for one answer
 * @param key whose value in the answer is logged; empty for none
 * @param secret signs each report; empty for none
 * @param ca authorities to trust in addition to the system's; null for none
 * @param secretive whether no answer is logged, because it may repeat what was reported
 */
record CollectorConfig(
    String section,
    List<URI> urls,
    Duration timeout,
    String key,
    String secret,
    Path ca,
    boolean secretive) {
  static final String ENDED = "log_remote_urls";
  static final String DEAD_TOKENS = "dead_token_url";

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  CollectorConfig {
    urls = List.copyOf(urls);
  }

  /**
   * Reads the section; what is wrong in it is left out, with a warning. Blocks: looks at a file.
   *
   * @param where the key that has the URLs
   */
  static CollectorConfig read(AppConfig config, String where, Consumer<Problem> warnings) {
    boolean secretive = where.equals(DEAD_TOKENS);
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
        urls,
        config
            .setting("log_remote_timeout")
            .map(value -> Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue()))
            .orElse(DEFAULT_TIMEOUT),
        config.setting("log_remote_key").orElse(""),
        config.setting("log_remote_secret").orElse(""),
        // One warning is enough of what serves both.
        ca(config, secretive ? told -> {} : warnings).orElse(null),
        secretive);
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
    return "[" + section + "] " + urls.size() + " collectors";
  }
}
