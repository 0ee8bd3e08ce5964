// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * What applications.ini means. A section that is wrong is left out, with an ERROR that says why;
 * the others stay.
 */
final class Applications {
  private static final Map<String, String> PLATFORMS =
      Map.of(
          "apple", AppKey.APPLE,
          "ios", AppKey.APPLE,
          "apns", AppKey.APPLE,
          "firebase", AppKey.FIREBASE,
          "android", AppKey.FIREBASE,
          "fcm", AppKey.FIREBASE);

  private static final Set<String> BUILT_IN_PLATFORMS = Set.of(AppKey.APPLE, AppKey.FIREBASE);

  private static final String LOG_TIMEOUT = "log_remote_timeout";

  /** Spellings that the old system understood, and what they are called today. */
  private static final Map<String, String> ALIASES =
      Map.of("log_key", "log_remote_key", "log_time_out", LOG_TIMEOUT);

  private static final int LONGEST_ID = 255;

  private final IniFile ini;
  private final Path credentialsFolder;
  private final Delivery delivery;
  private final AppFingerprints fingerprints;
  private final Consumer<Problem> problems;
  private final List<AppConfig> good = new ArrayList<>();
  private final Map<String, AppKey> faulty = new HashMap<>();

  private Applications(
      IniFile ini, General general, AppFingerprints fingerprints, Consumer<Problem> problems) {
    this.ini = ini;
    this.credentialsFolder = general.credentialsFolder();
    this.delivery = general.delivery();
    this.fingerprints = fingerprints;
    this.problems = problems;
  }

  /** Reads all sections. Blocks: reads the files that they name, for their fingerprints. */
  static Applications read(
      IniFile ini, General general, AppFingerprints fingerprints, Consumer<Problem> problems) {
    Applications reader = new Applications(ini, general, fingerprints, problems);
    ini.problems().forEach(problems);
    if (ini.sections().isEmpty() && ini.problems().isEmpty()) {
      problems.accept(
          new Problem(
              Severity.ERROR,
              ini.file(),
              "",
              "",
              "there is no section in it, so there is no application to send for; add one"));
    }
    ini.sections().forEach((name, keys) -> reader.section(name, keys).ifPresent(reader.good::add));
    reader.warnOfRivals();
    return reader;
  }

  /** As in the old system, of two sections for the same the later one counts. */
  private void warnOfRivals() {
    Map<AppKey, AppConfig> last = new HashMap<>();
    good.forEach(config -> last.put(config.key(), config));
    for (AppConfig config : good) {
      String winner = last.get(config.key()).section();
      if (!winner.equals(config.section())) {
        problems.accept(
            config.warning(
                "app_id",
                "["
                    + winner
                    + "] further down has the same app_id and app_platform, and counts; this one is"
                    + " used only while that one is wrong. Remove one of the two"));
      }
    }
  }

  /** The good sections, in their order; of those with the same key the last counts. */
  List<AppConfig> good() {
    return good;
  }

  /** The keys of the others, by the sections' labels, as far as they say one. */
  Map<String, AppKey> faulty() {
    return faulty;
  }

  private Optional<AppConfig> section(String name, Map<String, String> keys) {
    List<Problem> found = new ArrayList<>();
    Set<String> ofTemplate = KeyNames.ofTemplate(keys.keySet());
    Map<String, String> settings = rename(KeyNames.canonical(keys, ofTemplate));
    SectionReader in = new SectionReader(ini.file(), name, settings, found::add);
    String appId = required(in, "app_id", "the app-id that the PBX sends");
    String type =
        KeyNames.lower(required(in, "app_type", "sylk, linphone, template or a custom type"));
    String platform =
        platform(required(in, "app_platform", "apple, firebase or a custom push service"));
    Delivery own = in.delivery(delivery, Severity.ERROR);
    checkRemoteLog(in, settings);
    // Others may have keys of their own.
    if (BUILT_IN_PLATFORMS.contains(platform)) {
      switch (type) {
        case "sylk", "linphone" ->
            KeyNames.reportUnknown(ini, name, settings, KeyNames.APPLICATION, found::add);
        case "template" -> KeyNames.reportUnknown(ini, name, settings, ofTemplate, found::add);
        default -> {}
      }
    }
    if (!isName(appId)) {
      in.report(
          Severity.ERROR, "app_id", "it may have no spaces and at most 255 characters; correct it");
    }
    KeyNames.reportSpeltTwice(ini, name, keys, KeyNames.APPLICATION, found::add);
    found.forEach(problems);
    if (isSpoilt(name, found)) {
      if (!appId.isEmpty() && !platform.isEmpty()) {
        faulty.put(name, new AppKey(appId, platform));
      }
      return Optional.empty();
    }
    return Optional.of(
        new AppConfig(
            ini.file(),
            name,
            new AppKey(appId, platform),
            type,
            settings,
            credentialsFolder,
            own,
            fingerprints.of(name, settings, own)));
  }

  private static Map<String, String> rename(Map<String, String> settings) {
    ALIASES.forEach(
        (old, name) -> {
          String value = settings.remove(old);
          if (value != null) {
            settings.put(name, value);
          }
        });
    return settings;
  }

  private static String required(SectionReader in, String key, String what) {
    Optional<String> value = in.text(key);
    if (value.isEmpty()) {
      in.report(Severity.ERROR, key, "it is missing; set it to " + what);
    }
    return value.orElse("");
  }

  /** The one name of a platform, whatever a file calls it. */
  static String platform(String name) {
    String lower = KeyNames.lower(name);
    return PLATFORMS.getOrDefault(lower, lower);
  }

  /** A wrong time-out of the remote log is no reason to lose calls: it is left out. */
  private static void checkRemoteLog(SectionReader in, Map<String, String> settings) {
    if (!in.isSecondsOrAbsent(LOG_TIMEOUT)) {
      settings.remove(LOG_TIMEOUT);
    }
  }

  private static boolean isName(String appId) {
    return appId.length() <= LONGEST_ID
        && appId
            .chars()
            .noneMatch(
                c ->
                    Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c));
  }

  private boolean isSpoilt(String section, List<Problem> found) {
    return found.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)
        || ini.problems().stream()
            .anyMatch(
                problem ->
                    problem.severity() == Severity.ERROR && problem.section().equals(section));
  }
}
