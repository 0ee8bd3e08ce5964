// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The keys by which the blocks are found that may hold what a query asks for. Immutable; any
 * thread.
 */
final class QueryKeys {
  /** Of more keys than these each block has one, most likely. */
  private static final int MOST = 32;

  private final TrailQuery query;

  /** A block must have one of them; null when it need not have any. */
  private final long[] wanted;

  private QueryKeys(TrailQuery query, long[] wanted) {
    this.query = query;
    this.wanted = wanted;
  }

  static QueryKeys of(TrailQuery query) {
    long[] wanted = wanted(query);
    return new QueryKeys(query, wanted != null && wanted.length > MOST ? null : wanted);
  }

  private static long[] wanted(TrailQuery query) {
    if (query.push() != null) {
      return new long[] {TrailKeys.push(query.push())};
    }
    if (!query.callId().isEmpty()) {
      return new long[] {TrailKeys.call(query.callId())};
    }
    if (query.tokenHash() != 0) {
      return new long[] {TrailKeys.token(query.tokenHash())};
    }
    if (!query.device().isEmpty()) {
      return new long[] {TrailKeys.device(query.device())};
    }
    if (!query.account().isEmpty()) {
      return new long[] {TrailKeys.account(query.account())};
    }
    Set<String> appIds = query.appId().isEmpty() ? query.scope().appIds() : Set.of(query.appId());
    if (query.ends().isEmpty() || query.ends().contains(TrailEnd.DELIVERED)) {
      return appIds == null ? null : appIds.stream().mapToLong(TrailKeys::app).toArray();
    }
    return query.ends().stream().flatMapToLong(end -> keys(appIds, end)).toArray();
  }

  private static LongStream keys(Collection<String> appIds, TrailEnd end) {
    return appIds == null
        ? LongStream.of(TrailKeys.end(end))
        : appIds.stream().mapToLong(appId -> TrailKeys.end(appId, end));
  }

  /**
   * The numbers of the blocks to look at, newest first.
   *
   * @param before only those with a lower number
   */
  int[] blocks(TrailReader reader, int before) throws SQLException {
    boolean timed = query.from() > 0 || query.to() < Long.MAX_VALUE;
    if (wanted == null) {
      return reader.blocksOf(query.from(), query.to(), before, Integer.MAX_VALUE);
    }
    int[] found = {};
    for (long key : wanted) {
      int[] more = reader.blocksWith(key, before, Integer.MAX_VALUE);
      found = found.length == 0 ? more : newestFirst(Stream.of(found, more));
    }
    if (!timed || found.length < 2) {
      return found;
    }
    Set<Integer> inTime =
        Set.copyOf(
            IntStream.of(reader.blocksOf(query.from(), query.to(), before, Integer.MAX_VALUE))
                .boxed()
                .toList());
    return IntStream.of(found).filter(inTime::contains).toArray();
  }

  private static int[] newestFirst(Stream<int[]> parts) {
    List<Integer> all = parts.flatMapToInt(IntStream::of).distinct().boxed().toList();
    return all.stream()
        .sorted((one, other) -> Integer.compare(other, one))
        .mapToInt(i -> i)
        .toArray();
  }
}
