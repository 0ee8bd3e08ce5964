// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.pushserver.plugin.Plugins;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.Reason;

/**
 * The file of API keys: one on each line, as name, hash, applications; if it is for more than
 * pushes, rights; and if it is limited to the accounts of some domains, those. Whatever is wrong in
 * it is FATAL: it is a guard.
 */
final class KeyFile {
  private static final String EVERY_APPLICATION = "*";

  /** Each begins with it. */
  private static final String DOMAIN = "@";

  /** Around it there may be spaces. */
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private final Path file;
  private final Plugins plugins;
  private final Consumer<Problem> problems;
  private final Map<String, ApiKey> keys = new LinkedHashMap<>();
  private final Set<String> hashes = new HashSet<>();

  private KeyFile(Path file, Plugins plugins, Consumer<Problem> problems) {
    this.file = file;
    this.plugins = plugins;
    this.problems = problems;
  }

  /**
   * Reads all keys. Blocks.
   *
   * @param plugins the push services that they may be for
   * @return only to be used when no FATAL problem was reported
   */
  static ApiKeys read(Path file, Plugins plugins, Consumer<Problem> problems) {
    KeyFile reader = new KeyFile(file, plugins, problems);
    try {
      reader.read(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      reader.report(
          Severity.FATAL, Reason.unread(e) + "; it has to be a text file with a key on each line");
    }
    return ApiKeys.of(reader.keys.values());
  }

  private void read(List<String> lines) {
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(";")) {
        String problem = key(COMMA.matcher(line).replaceAll(",").split("\\s+", 5));
        if (problem != null) {
          report(Severity.FATAL, "line " + number + ": " + problem);
        }
      }
    }
    if (keys.isEmpty()) {
      report(
          Severity.WARNING,
          "there is no key in it, so nobody may send pushes; make one with bin/pushserver api-key");
    }
  }

  /**
   * Takes one key; says what is wrong with it, and never what it is: it may be a key by mistake.
   */
  private String key(String[] words) {
    String name = words[0];
    if (!ApiKey.isName(name)) {
      return "a name has 1 to 64 letters, digits, dots, dashes and underscores";
    }
    if (words.length < 2 || !words[1].matches("[0-9A-Fa-f]{64}")) {
      return "after the name comes the key's hash, 64 hex digits, not the key itself; make both"
          + " with bin/pushserver api-key";
    }
    if (words.length < 3) {
      return "after the hash come the applications, separated by commas, or *";
    }
    String hash = KeyNames.lower(words[1]);
    if (keys.containsKey(name) || !hashes.add(hash)) {
      return "the name or the key stands in the file already";
    }
    Set<String> appIds = new HashSet<>();
    Set<AppKey> applications = new HashSet<>();
    for (String application : words[2].split(",", -1)) {
      if (!add(application, appIds, applications)) {
        return "an application is an app-id, an app-id with a platform such as"
            + " com.example.phone/"
            + plugins.builtInPlatforms().get(0)
            + ", or * for all";
      }
    }
    boolean all = appIds.remove(EVERY_APPLICATION);
    return limits(
        List.of(words).subList(3, words.length),
        (rights, domains) ->
            keys.put(name, new ApiKey(name, hash, all, appIds, applications, rights, domains)));
  }

  /** Takes what a key is for, and for whom; says what is wrong with it. */
  private static String limits(List<String> words, BiConsumer<Set<Right>, Set<String>> taken) {
    boolean limited = !words.isEmpty() && words.get(words.size() - 1).startsWith(DOMAIN);
    int others = words.size() - (limited ? 1 : 0);
    Set<Right> rights = others == 0 ? Right.DEFAULT : rights(words.get(0));
    if (rights == null || others > 1) {
      return "after the applications may come what the key is for, separated by commas: "
          + Right.words()
          + "; and after that the domains that it is limited to, such as @example.com";
    }
    Set<String> domains = limited ? domains(words.get(others)) : Set.of();
    if (domains == null) {
      return "domains are separated by commas, and each begins with @, such as"
          + " @example.com,@example.org";
    }
    if (limited && !rights.stream().allMatch(Right::isOfAccounts)) {
      return "a key that is limited to domains may be for push and tokens only: with other rights"
          + " it would reach the calls of everybody";
    }
    taken.accept(rights, domains);
    return null;
  }

  /** Null when one of them is none. */
  private static Set<String> domains(String text) {
    Set<String> domains = new HashSet<>();
    for (String word : text.split(",", -1)) {
      if (!ApiKey.isDomain(word.startsWith(DOMAIN) ? word.substring(1) : "")) {
        return null;
      }
      domains.add(KeyNames.lower(word.substring(1)));
    }
    return domains;
  }

  /** Null when one of them is none. */
  private static Set<Right> rights(String text) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (String word : text.split(",", -1)) {
      Right right = Right.of(KeyNames.lower(word));
      if (right == null) {
        return null;
      }
      rights.add(right);
    }
    return rights;
  }

  private boolean add(String text, Set<String> appIds, Set<AppKey> applications) {
    int slash = text.lastIndexOf('/');
    if (text.isEmpty() || slash == 0 || slash == text.length() - 1) {
      return false;
    }
    if (slash < 0) {
      appIds.add(text);
    } else {
      applications.add(
          new AppKey(
              text.substring(0, slash),
              plugins.platform(KeyNames.lower(text.substring(slash + 1)))));
    }
    return true;
  }

  private void report(Severity severity, String message) {
    problems.accept(new Problem(severity, file.toString(), "", "", message));
  }
}
