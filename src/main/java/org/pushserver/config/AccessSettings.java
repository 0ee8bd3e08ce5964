// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.plugin.Plugins;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * Those keys of [server], or [bus], that say who may come in and how. Whatever is wrong with them
 * is FATAL: a server that starts without one of its guards is worse than one that does not start.
 */
final class AccessSettings {
  static final Duration EXPIRES_SOON = Duration.ofDays(30);

  private final SectionReader in;
  private final Path directory;
  private final Plugins plugins;
  private final Consumer<Problem> problems;
  private final List<Path> files = new ArrayList<>();

  /**
   * @param directory relative names of files start there
   * @param plugins the push services that keys may be for
   */
  AccessSettings(SectionReader in, Path directory, Plugins plugins, Consumer<Problem> problems) {
    this.in = in;
    this.directory = directory;
    this.plugins = plugins;
    this.problems = problems;
  }

  /** How to speak TLS; null to speak plain HTTP. Reads files, so it blocks. */
  Tls tls() {
    warnWhenEmpty("tls_certificate", "the server speaks plain HTTP");
    warnWhenEmpty("tls_client_ca", "clients need no certificates");
    Optional<Path> certificate = file("tls_certificate", "remove the key to serve without TLS");
    Optional<Path> authorities = file("tls_client_ca", "remove the key to need no certificates");
    if (in.text("tls_client_ca").isPresent() && in.text("tls_certificate").isEmpty()) {
      in.report(
          Severity.FATAL,
          "tls_client_ca",
          "clients show certificates only in TLS; set tls_certificate, too");
    }
    if (certificate.isEmpty()) {
      return null;
    }
    try {
      CertifiedKey identity =
          CertifiedKey.read(certificate.get(), remark -> warn("tls_certificate", remark));
      warnOfExpiry(identity.leaf());
      return new Tls(identity, authorities.map(this::authorities).orElse(List.of()));
    } catch (PemException e) {
      in.report(Severity.FATAL, "tls_certificate", e.getMessage());
      return null;
    }
  }

  private List<X509Certificate> authorities(Path file) {
    try {
      return Pem.readCertificates(file);
    } catch (PemException e) {
      in.report(Severity.FATAL, "tls_client_ca", e.getMessage());
      return List.of();
    }
  }

  private void warnOfExpiry(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    Instant now = Instant.now();
    if (end.isBefore(now)) {
      warn("tls_certificate", "the certificate expired on " + end + "; clients will refuse it");
    } else if (end.isBefore(now.plus(EXPIRES_SOON))) {
      warn("tls_certificate", "the certificate expires on " + end);
    }
  }

  /** The addresses, proxies and keys. Reads a file, so it blocks. */
  Access access() {
    warnWhenEmpty("allowed_hosts", "every address may come in");
    return new Access(
        addresses("allowed_hosts", AddressList.ALL),
        addresses("trusted_proxies", AddressList.NONE),
        keys(),
        in.flag("allow_get", false));
  }

  /** The API keys alone. Reads a file, so it blocks. */
  ApiKeys keys() {
    warnWhenEmpty("api_keys", "nobody needs an API key");
    return file("api_keys", "remove the key to need no API keys")
        .map(file -> KeyFile.read(file, plugins, problems))
        .orElse(ApiKeys.OPEN);
  }

  /** It may be on purpose, and old files have it; but it may also be a value that got lost. */
  private void warnWhenEmpty(String key, String effect) {
    if (in.isBlank(key)) {
      warn(key, "it is empty, so " + effect + "; set it, or remove the key");
    }
  }

  private AddressList addresses(String key, AddressList otherwise) {
    try {
      // A list on several lines may do without commas at their ends.
      return AddressList.parse(in.text(key).orElse("").replace('\n', ','), otherwise);
    } catch (IllegalArgumentException e) {
      in.report(Severity.FATAL, key, e.getMessage() + "; correct or remove it");
      return otherwise;
    }
  }

  /** A file that is named must be there. */
  private Optional<Path> file(String key, String instead) {
    if (in.text(key).isEmpty()) {
      return Optional.empty();
    }
    Path file = in.path(key, "", directory);
    files.add(file);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      in.report(
          Severity.FATAL,
          key,
          file + " does not exist or may not be read; put the file there, or " + instead);
      return Optional.empty();
    }
    return Optional.of(file);
  }

  /** The files that were named, whether they are there or not. */
  List<Path> files() {
    return files;
  }

  /** Says so when whoever reaches the server may use it, and others than this machine reach it. */
  void warnWhenOpen(String host, Tls tls, Access access) {
    boolean guarded =
        !access.allowedHosts().isAll()
            || !access.keys().isOpen()
            || (tls != null && !tls.clientAuthorities().isEmpty());
    if (!guarded && !isLoopback(host)) {
      warn(
          "host",
          "whoever reaches "
              + host
              + " may send pushes; set allowed_hosts or api_keys to prevent"
              + " it");
    }
  }

  private static boolean isLoopback(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null
          ? "localhost".equalsIgnoreCase(host)
          : InetAddress.getByAddress(bytes).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void warn(String key, String message) {
    in.report(Severity.WARNING, key, message);
  }
}
