// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import java.util.Objects;
import org.pushserver.config.Limits;
import org.pushserver.config.Right;

/**
 * What has to hold before an endpoint of the main door gets a request. The address of the caller is
 * asked for first, whatever the endpoint, and before it is known which one is meant: whoever is not
 * on the list learns nothing. Then, in this order: the key, how often it asks, how long its body
 * is. The admin door has no guards; whoever reaches its address may read all of it. Immutable.
 *
 * @param key who may ask, when there are API keys
 * @param right what that key must allow
 * @param counted whether requests count for the rate limit
 * @param body what of a body is read
 */
public record Guard(Key key, Right right, boolean counted, BodyLimit body) {
  /** The address alone: what everybody may see. */
  public static final Guard ADDRESS = new Guard(Key.NONE, Right.PUSH, false, BodyLimit.NO_BODY);

  /** For what concerns the applications. */
  public static final Guard READER = new Guard(Key.TO_READ, Right.PUSH, false, BodyLimit.NO_BODY);

  /** The same, but that a stranger is shown less instead of being refused. */
  public static final Guard READER_OR_STRANGER =
      new Guard(Key.TO_READ_ALL, Right.PUSH, false, BodyLimit.NO_BODY);

  /** For whoever searches the trail. */
  public static final Guard SEARCHER =
      new Guard(Key.TO_READ, Right.SEARCH, true, BodyLimit.NO_BODY);

  /** For what makes the server do something. */
  public static final Guard SENDER = new Guard(Key.TO_SEND, Right.PUSH, true, BodyLimit.MAX_BODY);

  /** For who has an account pushed: at the account, the handler asks what his key is for. */
  public static final Guard ACCOUNT_SENDER =
      new Guard(Key.FOR_ACCOUNT, Right.PUSH, true, BodyLimit.MAX_BODY);

  /** For who stores and removes the devices of an account. */
  public static final Guard REGISTRAR =
      new Guard(Key.FOR_ACCOUNT, Right.TOKENS, true, BodyLimit.MAX_BODY);

  /** For who lists them: nobody may where there are no keys. */
  public static final Guard ACCOUNT_READER =
      new Guard(Key.ALWAYS_FOR_ACCOUNT, Right.TOKENS, true, BodyLimit.NO_BODY);

  /** For what a phone, or a PBX for it, says of a push. */
  public static final Guard WITNESS = new Guard(Key.TO_SEND, Right.ACKS, true, BodyLimit.MAX_BODY);

  /** The same for senders who have nothing but a query to show their key in. */
  public static final Guard SENDER_BY_QUERY =
      new Guard(Key.TO_SEND_BY_QUERY, Right.PUSH, true, BodyLimit.MAX_BODY);

  /** For a form that has its own way to find out who sent it. */
  public static final Guard FORM = new Guard(Key.NONE, Right.PUSH, false, BodyLimit.MAX_BODY);

  /** Which API key is asked for, when there are any. */
  public enum Key {
    /** None. */
    NONE,
    /** One that is known, whatever applications it is for. */
    TO_READ,
    /** The same; without it the request is let in as a stranger's. */
    TO_READ_ALL,
    /** One that is known; the handler asks what it is for. */
    TO_SEND,
    /** The same; it may also stand in the query, as {@code key}. */
    TO_SEND_BY_QUERY,
    /**
     * One that is known, be it for the accounts of some domains alone; the handler asks for which.
     */
    FOR_ACCOUNT,
    /** The same; where there are no keys, nobody is let in. */
    ALWAYS_FOR_ACCOUNT
  }

  /** How much is read of the body of a request. */
  public enum BodyLimit {
    /** Nothing: the handler has the request before its body. */
    NO_BODY,
    /** All of it, if it is no longer than {@code max_body}. */
    MAX_BODY
  }

  public Guard {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(right, "right");
    Objects.requireNonNull(body, "body");
  }

  /** Whether a key will do that is limited to the accounts of some domains. */
  public boolean isForAccount() {
    return key == Key.FOR_ACCOUNT || key == Key.ALWAYS_FOR_ACCOUNT;
  }

  /** Whether it is open to everybody where there are no keys. */
  public boolean isOpenWithoutKeys() {
    return key != Key.ALWAYS_FOR_ACCOUNT && !right.needsKeys();
  }

  /** Whether a request needs a key, when there are any, to be let in at all. */
  public boolean needsKey() {
    return key != Key.NONE && key != Key.TO_READ_ALL;
  }

  /** Whether the body is read before the handler is called. */
  public boolean readsBody() {
    return body == BodyLimit.MAX_BODY;
  }

  /** Bytes that a body may have. */
  public int bodyLimit(Limits limits) {
    return readsBody() ? limits.maxBody() : 0;
  }
}
