// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;

/**
 * A row of the table of devices.
 *
 * @param token what it says
 * @param written when the last of its columns was written, microseconds since the epoch, by the
 *     clock of whoever wrote it
 */
record FoundToken(StoredToken token, long written) {
  /** Whose times of writing are asked for, and under which names. */
  static final String[] DATED = {
    "device_token", "background_token", "platform", "silent", "user_agent"
  };

  /**
   * When it is removed, or one of its tokens is: of two who do so at once the one who removes all
   * of it wins. What registers again is written later.
   *
   * @return microseconds since the epoch
   */
  long undone() {
    return written + 1;
  }

  /** There is no column for when a device was seen: what is not known must not make it old. */
  private static final long NEVER_TOLD = 0;

  /**
   * Reads a row.
   *
   * @return null for one that says too little to be pushed to
   */
  static FoundToken of(AccountKey key, Row row) {
    String platform = text(row, "platform");
    String token = token(row);
    String deviceId = text(row, "device_id");
    String appId = text(row, "app_id");
    if (platform == null || token == null || deviceId == null || appId == null) {
      return null;
    }
    String background = background(row, token);
    long written =
        IntStream.range(0, DATED.length).mapToLong(i -> row.getLong("w" + i)).max().orElse(0);
    long storedAt = TimeUnit.MICROSECONDS.toMillis(row.getLong("w0"));
    return new FoundToken(
        new StoredToken(
            key.account(),
            new AppKey(appId, platform),
            deviceId,
            token,
            background,
            !"0".equals(text(row, "silent")),
            text(row, "user_agent"),
            storedAt,
            NEVER_TOLD),
        written);
  }

  /** A device without a token for calls has an empty one, as the old server splits what it got. */
  private static String token(Row row) {
    String token = row.getString("device_token");
    return token != null && token.isEmpty() ? text(row, "background_token") : token;
  }

  /**
   * It is empty as it was found dead, if that was written later than the rest; else there is none.
   */
  private static String background(Row row, String token) {
    String background = row.getString("background_token");
    if (background == null) {
      return null;
    } else if (background.isEmpty()) {
      return row.getLong("w1") > row.getLong("w0") ? "" : null;
    }
    boolean isOnlyOne = "".equals(row.getString("device_token"));
    // Of two that are equal the first is for calls: the old server sends it all of them.
    return isOnlyOne || !background.equals(token) ? background : null;
  }

  private static String text(Row row, String column) {
    String text = row.getString(column);
    return text == null || text.isEmpty() ? null : text;
  }
}
