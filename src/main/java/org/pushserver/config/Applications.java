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
import java.util.stream.Collectors;
import org.pushserver.plugin.Plugins;
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
  private static final String TYPE = "app_type";
  private static final String PLATFORM = "app_platform";
  private static final String DEAD_TOKENS = "dead_token_url";
  private static final String LOG_TIMEOUT = "log_remote_timeout";

  /** Spellings that the old system understood, and what they are called today. */
  private static final Map<String, String> ALIASES =
      Map.of("log_key", "log_remote_key", "log_time_out", LOG_TIMEOUT);

  private static final int LONGEST_ID = 255;

  private final IniFile ini;
  private final Path credentialsFolder;
  private final Delivery delivery;
  private final Optional<String> deadTokenUrl;
  private final boolean acks;
  private final AppFingerprints fingerprints;
  private final Plugins plugins;
  private final Consumer<Problem> problems;
  private final List<AppConfig> good = new ArrayList<>();
  private final Map<String, AppKey> faulty = new HashMap<>();
  private final Map<String, List<String>> aliases = new HashMap<>();

  private Applications(
      IniFile ini,
      General general,
      AppFingerprints fingerprints,
      Plugins plugins,
      Consumer<Problem> problems) {
    this.ini = ini;
    this.credentialsFolder = general.folders().credentials();
    this.delivery = general.delivery();
    this.deadTokenUrl = general.deadTokenUrl();
    this.acks = general.server().acks();
    this.fingerprints = fingerprints;
    this.plugins = plugins;
    this.problems = problems;
  }

  /** The application types that the sections name, good or bad. */
  static Set<String> types(IniFile ini) {
    return named(ini, TYPE);
  }

  /** The push services that the sections name, by whichever name. */
  static Set<String> platforms(IniFile ini) {
    return named(ini, PLATFORM);
  }

  private static Set<String> named(IniFile ini, String key) {
    return ini.sections().values().stream()
        .flatMap(keys -> named(keys, key).stream())
        .collect(Collectors.toSet());
  }

  private static Optional<String> named(Map<String, String> keys, String key) {
    String value = KeyNames.canonical(keys, DeclaredKeys::isCommon).getOrDefault(key, "");
    return Optional.of(KeyNames.lower(value)).filter(name -> !name.isBlank());
  }

  /**
   * Reads all sections. Blocks: reads the files that they name, for their fingerprints.
   *
   * @param plugins what they may be made of
   */
  static Applications read(
      IniFile ini,
      General general,
      AppFingerprints fingerprints,
      Plugins plugins,
      Consumer<Problem> problems) {
    Applications reader = new Applications(ini, general, fingerprints, plugins, problems);
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
    AliasCheck.report(reader.good, problems);
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

  /** The further names of these. */
  Map<String, List<String>> aliasesOfFaulty() {
    return aliases;
  }

  private Optional<AppConfig> section(String name, Map<String, String> keys) {
    List<Problem> found = new ArrayList<>();
    String type = named(keys, TYPE).orElse("");
    String platform = named(keys, PLATFORM).map(plugins::platform).orElse("");
    DeclaredKeys declared = new DeclaredKeys(plugins, type, platform);
    Map<String, String> settings = rename(KeyNames.canonical(keys, declared::contains));
    // A section may say that it is for nobody, by an empty value.
    deadTokenUrl.ifPresent(url -> settings.putIfAbsent(DEAD_TOKENS, url));
    SectionReader in = new SectionReader(ini.file(), name, settings, found::add);
    String appId = required(in, "app_id", "the app-id that the PBX sends");
    requireOneOf(in, TYPE, plugins.builtInTypes(), "type");
    requireOneOf(in, PLATFORM, plugins.builtInPlatforms(), "push service");
    Delivery own = in.delivery(delivery, Severity.ERROR);
    checkRemoteLog(in, settings);
    boolean unused = in.flag(AppConfig.PAYLOAD_ID, false);
    if (own.repeatAfter() != null && !acks) {
      in.report(
          Severity.WARNING,
          "repeat_without_ack",
          "is not used, because nothing is taken that phones say; set acks = yes in [server] of"
              + " general.ini, and restart");
    }
    reportUnknown(name, settings, declared, found::add);
    if (!isName(appId)) {
      in.report(
          Severity.ERROR, "app_id", "it may have no spaces and at most 255 characters; correct it");
    }
    KeyNames.reportSpeltTwice(ini, name, keys, declared::contains, found::add);
    found.forEach(problems);
    if (isSpoilt(name, found)) {
      if (!appId.isEmpty() && !platform.isEmpty()) {
        faulty.put(name, new AppKey(appId, platform));
        aliases.put(name, AppConfig.aliases(settings.getOrDefault(AppConfig.ALIASES, "")));
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
            fingerprints.of(name, settings, own, declared)));
  }

  private void reportUnknown(
      String section,
      Map<String, String> settings,
      DeclaredKeys declared,
      Consumer<Problem> found) {
    Set<String> known = declared.names(settings.keySet());
    for (String key : settings.keySet()) {
      List<String> others = declared.othersWith(key);
      if (!others.isEmpty()) {
        known.add(key);
        String whose = String.join(", ", others);
        found.accept(
            new Problem(
                Severity.WARNING,
                ini.file(),
                section,
                key,
                "is not used; it is for " + whose + " only"));
      }
    }
    if (declared.areAll()) {
      KeyNames.reportUnknown(ini, section, settings, known, found);
    }
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
      reportMissing(in, key, what);
    }
    return value.orElse("");
  }

  private static void reportMissing(SectionReader in, String key, String what) {
    in.report(Severity.ERROR, key, "it is missing; set it to " + what);
  }

  private static void requireOneOf(
      SectionReader in, String key, List<String> builtIn, String what) {
    if (in.text(key).isEmpty()) {
      reportMissing(in, key, String.join(", ", builtIn) + " or a custom " + what);
    }
  }

  /** A wrong time-out of the remote log is no reason to lose calls: it is left out. */
  private static void checkRemoteLog(SectionReader in, Map<String, String> settings) {
    if (!in.isSecondsOrAbsent(LOG_TIMEOUT)) {
      settings.remove(LOG_TIMEOUT);
    }
  }

  static boolean isName(String appId) {
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
