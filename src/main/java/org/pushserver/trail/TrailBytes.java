// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.pushserver.push.AppKey;

/**
 * What one server asks another to search for, and what that has found, as bytes. Any thread.
 *
 * <p>What its asker may see cannot be sent: the other tells more, and who asked looks at {@link
 * TrailQuery#fits} again.
 */
public final class TrailBytes {
  private static final int VERSION = 1;

  /** What is asked for goes over with these names. */
  private static final String PUSH = "id";

  private static final String CALL_ID = "call-id";

  private static final String ACCOUNT = "account";
  private static final String DEVICE = "device";
  private static final String TOKEN = "token";
  private static final String APP_ID = "app-id";
  private static final String PLATFORM = "platform";
  private static final String ENDS = "ends";
  private static final String REASON = "reason";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String CURSOR = "cursor";
  private static final String LIMIT = "limit";
  private static final String APP_IDS = "app-ids";

  /** Those of some applications. */
  private record Some(Set<String> appIds) implements TrailScope {
    @Override
    public boolean sees(AppKey app) {
      return app != null && appIds.contains(app.appId());
    }
  }

  private TrailBytes() {}

  /** What is searched for. */
  public static Buffer of(TrailQuery query) {
    JsonObject asked =
        new JsonObject()
            .put(PUSH, query.push() == null ? null : query.push().toString())
            .put(CALL_ID, query.callId())
            .put(ACCOUNT, query.account())
            .put(DEVICE, query.device())
            .put(TOKEN, query.tokenHash())
            .put(APP_ID, query.appId())
            .put(PLATFORM, query.platform())
            .put(ENDS, new JsonArray(query.ends().stream().map(Enum::name).toList()))
            .put(REASON, query.reason())
            .put(FROM, query.from())
            .put(TO, query.to())
            .put(CURSOR, query.cursor())
            .put(LIMIT, query.limit());
    Set<String> appIds = query.scope().appIds();
    if (appIds != null) {
      asked.put(APP_IDS, new JsonArray(List.copyOf(appIds)));
    }
    return asked.toBuffer();
  }

  /**
   * Reads what is searched for.
   *
   * @throws RuntimeException when it cannot be understood
   */
  public static TrailQuery query(Buffer bytes) {
    JsonObject asked = new JsonObject(bytes);
    Set<TrailEnd> ends = EnumSet.noneOf(TrailEnd.class);
    asked.getJsonArray(ENDS).forEach(end -> ends.add(TrailEnd.valueOf((String) end)));
    JsonArray appIds = asked.getJsonArray(APP_IDS);
    String push = asked.getString(PUSH);
    return new TrailQuery(
        appIds == null
            ? TrailScope.ALL
            : new Some(appIds.stream().map(String.class::cast).collect(Collectors.toSet())),
        push == null ? null : UUID.fromString(push),
        asked.getString(CALL_ID),
        asked.getString(ACCOUNT),
        asked.getString(DEVICE),
        asked.getLong(TOKEN),
        asked.getString(APP_ID),
        asked.getString(PLATFORM),
        ends,
        asked.getString(REASON),
        asked.getLong(FROM),
        asked.getLong(TO),
        asked.getString(CURSOR),
        asked.getInteger(LIMIT));
  }

  /** What was found. */
  public static Buffer of(TrailPage page) {
    BlockOutput out = new BlockOutput();
    out.octet(VERSION);
    out.number(page.entries().size());
    for (TrailEntry entry : page.entries()) {
      boolean hasEnded = entry.end() != null;
      out.octet(hasEnded ? 1 : 0);
      // Files have none that has not ended, and their form no place for it.
      TrailBlock.write(out, hasEnded ? entry : entry.ended(TrailEnd.DELIVERED));
    }
    out.text(page.next());
    out.number(page.notes().size());
    page.notes().forEach(out::text);
    return Buffer.buffer(out.toBytes());
  }

  /**
   * Reads what was found.
   *
   * @throws IllegalArgumentException when it cannot be understood, as what a newer server tells
   */
  public static TrailPage page(Buffer bytes) {
    BlockInput in = new BlockInput(bytes.getBytes());
    try {
      int version = in.octet();
      if (version != VERSION) {
        throw new IllegalArgumentException("what it has found is in a form of another version");
      }
      int count = in.count();
      List<TrailEntry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        boolean hasEnded = in.octet() == 1;
        TrailEntry entry = TrailBlock.entry(in);
        entries.add(hasEnded ? entry : entry.ended(null));
      }
      String next = in.text();
      List<String> notes = new ArrayList<>();
      for (int left = in.count(); left > 0; left--) {
        notes.add(in.text());
      }
      return new TrailPage(entries, next, notes);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("what it has found cannot be understood", e);
    }
  }
}
