// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Setting;

/**
 * Tells whether an application is as it was: a hash of all that it is made from, its settings and
 * what is in the files that they name. For one reading of the configuration, during which a file
 * that many name is read once. Worker thread.
 */
final class AppFingerprints {
  private final Path directory;
  private final Path credentialsFolder;
  private final Path applicationsFile;
  private final Map<Path, String> contents = new HashMap<>();
  private final Set<Path> files = new LinkedHashSet<>();

  /**
   * @param directory the configuration directory
   * @param applicationsFile applications.ini: templates are named from where it is
   */
  AppFingerprints(Path directory, Path credentialsFolder, Path applicationsFile) {
    this.directory = directory;
    this.credentialsFolder = credentialsFolder;
    this.applicationsFile = applicationsFile;
  }

  /**
   * The hash of one application, which reveals nothing of its settings.
   *
   * @param section the label of its section
   * @param settings all keys of its section
   * @param delivery as it holds for this application
   * @param declared what is known of the keys
   * @return SHA-256, hexadecimal
   */
  String of(
      String section, Map<String, String> settings, Delivery delivery, DeclaredKeys declared) {
    MessageDigest digest = FileContent.sha256();
    add(digest, section);
    add(digest, text(delivery));
    new TreeMap<>(settings)
        .forEach(
            (key, value) -> {
              add(digest, key);
              add(digest, value);
              Optional<Setting> setting = declared.find(key);
              files(setting, value)
                  .forEach(file -> add(digest, content(setting.isPresent(), file)));
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * All that it says. A record's own {@code toString} is made when it is first asked for, which
   * takes some milliseconds of each start.
   */
  private static String text(Delivery delivery) {
    return Arrays.asList(
            delivery.callDeadline(),
            delivery.messageDeadline(),
            delivery.requestTimeout(),
            delivery.maxQueue(),
            delivery.maxConnections(),
            delivery.callTtl(),
            delivery.answerWait(),
            delivery.repeatAfter())
        .toString();
  }

  /** With its length before it: no other sequence of texts makes the same bytes. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  /**
   * The files that applications depend on. One that is missing is among them only when its key is
   * declared to name a file: the value of an unknown key may as well be a secret.
   */
  Set<Path> files() {
    return Collections.unmodifiableSet(files);
  }

  /**
   * The files that a value may name. Of a key that nobody declares it is not known whether it does
   * so: any might, within the folders of the configuration.
   */
  private List<Path> files(Optional<Setting> declared, String value) {
    try {
      return declared.isEmpty()
          ? inConfiguration(value)
          : declared.get().file(value, credentialsFolder, applicationsFile).stream().toList();
    } catch (InvalidPathException e) {
      return List.of();
    }
  }

  private List<Path> inConfiguration(String name) {
    return Stream.of(credentialsFolder, directory)
        .distinct()
        .map(folder -> folder.resolve(name).normalize())
        .filter(file -> file.startsWith(credentialsFolder) || file.startsWith(directory))
        .toList();
  }

  private String content(boolean isNamed, Path file) {
    String content = contents.computeIfAbsent(file, FileContent::of);
    if (isNamed || FileContent.isThere(content)) {
      files.add(file);
    }
    return content;
  }
}
