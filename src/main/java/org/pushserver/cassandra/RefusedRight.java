// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A right that the user of the server does not have, as Cassandra's refusal names it. Pure.
 *
 * @param right as CQL, such as {@code MODIFY}; empty when the refusal names none
 * @param on what it is needed for, as CQL that may stand behind {@code ON}
 */
record RefusedRight(String right, String on) {
  private static final Pattern REFUSAL = Pattern.compile("has no (\\w+) permission on <([^>]+)>");
  private static final String ALL_TABLES = "all tables in ";

  static RefusedRight of(UnauthorizedException refusal) {
    Matcher named = REFUSAL.matcher(String.valueOf(refusal.getMessage()));
    return named.find()
        ? new RefusedRight(named.group(1).toUpperCase(Locale.ROOT), resource(named.group(2)))
        : new RefusedRight("", "");
  }

  private static String resource(String named) {
    if (named.startsWith("table ")) {
      int dot = named.indexOf('.');
      String keyspace = named.substring("table ".length(), Math.max(dot, "table ".length()));
      return "TABLE " + quoted(keyspace) + "." + quoted(named.substring(dot + 1));
    } else if (named.startsWith("keyspace ")) {
      return "KEYSPACE " + quoted(named.substring("keyspace ".length()));
    } else if (named.startsWith(ALL_TABLES)) {
      return "KEYSPACE " + quoted(named.substring(ALL_TABLES.length()));
    }
    return named.toUpperCase(Locale.ROOT);
  }

  /** A name as CQL: what is not small letters needs quotes. */
  static String quoted(String name) {
    return name.matches("[a-z][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** What an administrator has to say. */
  String grant(String user) {
    return "GRANT " + right + " ON " + on + " TO " + quoted(user);
  }

  @Override
  public String toString() {
    return right + " on " + on;
  }
}
