// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * {@code [tokens]} of general.ini: where the devices of accounts are kept.
 *
 * @param store what they are kept in
 * @param file theirs, with {@link Store#SQLITE}
 * @param cache how many accounts are kept in memory at the most; 0 for none
 * @param maxAgeDays after so many days without a word of it a device is removed; 0 for never
 * @param isNamed whether the file is another than the usual one, and so is opened, or made, at the
 *     start, and not only with the first request
 */
public record TokenSettings(Store store, Path file, int cache, int maxAgeDays, boolean isNamed) {
  /** What devices are kept in. */
  public enum Store {
    /** A file. */
    SQLITE,
    /** The cluster of {@code [Cassandra]}. */
    CASSANDRA,
    /** A cluster, of which too little is said: nothing is stored until that is put right. */
    UNNAMED_CLUSTER,
    /** Nothing: there is no version 2. */
    NONE
  }

  static final String SECTION = "tokens";

  private static final String FILE = "tokens.db";
  private static final int DEFAULT_CACHE = 100_000;
  private static final int MOST_CACHE = 100_000_000;

  /** Unless it is told otherwise: in a file, opened with the first request. */
  public static final TokenSettings DEFAULT =
      new TokenSettings(
          Store.SQLITE, TrailSettings.OFF.stateFolder().resolve(FILE), DEFAULT_CACHE, 0, false);

  public TokenSettings {
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(file, "file");
    if (cache < 0 || maxAgeDays < 0) {
      throw new IllegalArgumentException("cache and maxAgeDays are 0 or more");
    }
  }

  /** The same with another {@code token_max_age}. */
  public TokenSettings withMaxAge(int days) {
    return new TokenSettings(store, file, cache, days, isNamed);
  }

  /**
   * Reads the keys.
   *
   * @param cluster what {@code [Cassandra]} says of one
   * @param isMember whether this server is one of several, which have no file in common
   * @param stateFolder where the file is when no other place is named
   * @param directory where relative names begin
   */
  static TokenSettings read(
      SectionReader in,
      CassandraSettings.Named cluster,
      boolean isMember,
      Path stateFolder,
      Path directory) {
    Path usual = directory.resolve(stateFolder.resolve(FILE)).normalize();
    Path file = in.path("file", usual.toString(), directory);
    Store store = store(in, cluster);
    if (isMember && store == Store.SQLITE) {
      in.report(
          Severity.WARNING,
          "store",
          "each server of a cluster has its own file: a phone that registered at one of them does"
              + " not ring when the push comes to another; set [Cassandra], or store = none when"
              + " no phone registers");
    }
    return new TokenSettings(
        store,
        file,
        in.number("cache", 0, MOST_CACHE, DEFAULT_CACHE, Severity.WARNING),
        in.number("token_max_age", 0, 36_500, 0, Severity.WARNING),
        !file.equals(usual));
  }

  /** Whether a section leaves tokens where they usually are, or wants them in the cluster. */
  static boolean mayUseCluster(SectionReader in) {
    String store = in.text("store").orElse("").toLowerCase(Locale.ROOT);
    return !store.equals("sqlite") && !store.equals("none");
  }

  private static Store store(SectionReader in, CassandraSettings.Named cluster) {
    Store inCluster =
        cluster == CassandraSettings.Named.WELL ? Store.CASSANDRA : Store.UNNAMED_CLUSTER;
    boolean isNamed = cluster != CassandraSettings.Named.NOT;
    if (in.text("store").isEmpty()) {
      return isNamed ? inCluster : Store.SQLITE;
    }
    Store store =
        switch (isNamed
            ? in.choice("store", "cassandra", "sqlite", "none")
            : in.choice("store", "sqlite", "cassandra", "none")) {
          case "cassandra" -> inCluster;
          case "none" -> Store.NONE;
          default -> Store.SQLITE;
        };
    if (store == Store.UNNAMED_CLUSTER && !isNamed) {
      in.report(
          Severity.ERROR,
          "store",
          "[Cassandra] names no cluster_contact_points; no token is stored; set them, too, or store"
              + " = sqlite");
    }
    return store;
  }
}
