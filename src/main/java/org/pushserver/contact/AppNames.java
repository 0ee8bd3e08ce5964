// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names by which phones and PBXs call one application: with the team in front, with the service
 * behind, with the environment behind that: {@code DEF123GHIJ.com.example.phone.voip}, {@code
 * com.example.phone.voip.prod}. Pure; any thread.
 */
public final class AppNames {
  private static final String SANDBOX = ".dev";
  private static final String PRODUCTION = ".prod";
  private static final String VOIP = ".voip";
  private static final List<String> ENVIRONMENTS = List.of(SANDBOX, PRODUCTION);
  private static final List<String> SERVICES =
      List.of(".voip&remote", ".remote&voip", VOIP, ".remote");

  /** Apple's teams have ten characters; liblinphone's placeholder for one has eight. */
  private static final int SHORTEST_TEAM = 8;

  private AppNames() {}

  /**
   * Everything that the application may be configured as which is called so, in the order in which
   * to look it up. The name itself is the first, the barest the last.
   *
   * @param name as received; not empty
   */
  public static List<String> of(String name) {
    Set<String> names = new LinkedHashSet<>();
    names.add(name);
    return all(name, environment(name), names);
  }

  /** The same when the push is known to go to Apple's sandbox: names that say so come first. */
  public static List<String> ofSandbox(String name) {
    Set<String> names = new LinkedHashSet<>();
    if (!isSandbox(name)) {
      names.add(name + SANDBOX);
    }
    names.add(name);
    return all(name, SANDBOX, names);
  }

  /** The same when the push is known not to go there: names that say so come as well. */
  static List<String> ofProduction(String name) {
    Set<String> names = new LinkedHashSet<>();
    names.add(name);
    return all(name, environment(name).isEmpty() ? PRODUCTION : environment(name), names);
  }

  private static List<String> all(String name, String environment, Set<String> names) {
    String whole = withoutEnvironment(name);
    String app = cut(whole, service(whole));
    for (String one : List.of(whole, app, app.substring(team(app)))) {
      names.add(one + environment);
      names.add(one);
    }
    return new ArrayList<>(names);
  }

  /** Whether a name, of an application or of a push service, says that the sandbox is meant. */
  public static boolean isSandbox(String name) {
    return environment(name).equals(SANDBOX);
  }

  /** Whether a name says that the token that comes with it is for VoIP pushes and for no others. */
  static boolean isVoip(String name) {
    return service(withoutEnvironment(name)).equals(VOIP);
  }

  /** A name without {@code .dev} or {@code .prod} at its end. */
  static String withoutEnvironment(String name) {
    return cut(name, environment(name));
  }

  private static String environment(String name) {
    return ending(name, ENVIRONMENTS);
  }

  private static String service(String name) {
    return ending(name, SERVICES);
  }

  /** That of the endings which a name has; empty when it has none, or is nothing else. */
  private static String ending(String name, List<String> endings) {
    for (String ending : endings) {
      int start = name.length() - ending.length();
      if (start > 0 && name.regionMatches(true, start, ending, 0, ending.length())) {
        return ending;
      }
    }
    return "";
  }

  private static String cut(String name, String ending) {
    return name.substring(0, name.length() - ending.length());
  }

  /** How long the team in front of a name is, with its dot; 0 when there is none. */
  private static int team(String name) {
    int dot = name.indexOf('.');
    if (dot < SHORTEST_TEAM || dot == name.length() - 1) {
      return 0;
    }
    for (int at = 0; at < dot; at++) {
      char character = name.charAt(at);
      if (!(character >= 'A' && character <= 'Z') && !(character >= '0' && character <= '9')) {
        return 0;
      }
    }
    return dot + 1;
  }
}
