// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.Addition;

/** What an import has done so far. Any thread. */
public final class ImportCounts {
  /** So many of what was skipped are named, each with its place. */
  public static final int NAMED = 20;

  /** So many kinds of problems are told apart, and so many applications. */
  private static final int KINDS = 1000;

  private final Map<Addition.What, Long> stored = new EnumMap<>(Addition.What.class);
  private final Map<String, Long> problems = new LinkedHashMap<>();
  private final Map<AppKey, Long> applications = new LinkedHashMap<>();
  private final List<String> named = new ArrayList<>();
  private long read;
  private long skipped;
  private long twins;

  synchronized void read(AppKey app) {
    read++;
    if (applications.size() < KINDS || applications.containsKey(app)) {
      long unused = applications.merge(app, 1L, Long::sum);
    }
  }

  synchronized void skipped(String where, String problem) {
    read++;
    skipped++;
    if (named.size() < NAMED) {
      named.add(where + ": " + problem);
    }
    if (problems.size() < KINDS || problems.containsKey(problem)) {
      long unused = problems.merge(problem, 1L, Long::sum);
    }
  }

  synchronized void stored(Addition addition) {
    long unused = stored.merge(addition.what(), 1L, Long::sum);
    twins += addition.twins();
  }

  /** How many rows there were. */
  public synchronized long read() {
    return read;
  }

  /** How many of them were no devices. */
  public synchronized long skipped() {
    return skipped;
  }

  /** How many records of the same phones went, or were left out. */
  public synchronized long twins() {
    return twins;
  }

  /** Of how many devices this became. */
  public synchronized long of(Addition.What what) {
    return stored.getOrDefault(what, 0L);
  }

  /** Why rows were no devices, and how many for each reason. */
  public synchronized Map<String, Long> problems() {
    return new LinkedHashMap<>(problems);
  }

  /** The first of them, each with its place. */
  public synchronized List<String> named() {
    return List.copyOf(named);
  }

  /** How many devices each application has in the file. */
  public synchronized Map<AppKey, Long> applications() {
    return new LinkedHashMap<>(applications);
  }
}
