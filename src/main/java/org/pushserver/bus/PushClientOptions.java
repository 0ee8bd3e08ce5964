// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link PushClient} asks. Immutable; any thread. {@link #DEFAULT} fits a server that is
 * configured with its defaults.
 *
 * <p>The server answers a push that somebody waits for at its deadline at the latest: after 64
 * seconds for a call, 2 hours for all else. A time-out must be longer, or its caller gives up while
 * the server still tries. Where an operator has set other deadlines, set other time-outs here; what
 * {@link PushClient#status} answers has the deadlines of each application.
 *
 * @param prefix what the addresses of the server begin with
 * @param sender the name of this service, for the server's log; null: none is sent
 * @param apiKey for a server that wants one; null: none is sent
 * @param callTimeout how long {@link PushClient#send} waits for the end of a ring or its cancel
 * @param messageTimeout the same for all other pushes
 * @param submitTimeout how long is waited for what the server answers at once, that is for {@link
 *     PushClient#submit} and {@link PushClient#status}
 */
public record PushClientOptions(
    String prefix,
    String sender,
    String apiKey,
    Duration callTimeout,
    Duration messageTimeout,
    Duration submitTimeout) {
  /** How much later than a deadline the answer may come: a busy machine, a pause of the JVM. */
  public static final Duration MARGIN = Duration.ofSeconds(10);

  /** The usual prefix, no name and no key, and time-outs for the usual deadlines. */
  public static final PushClientOptions DEFAULT =
      new PushClientOptions(
          "pushserver",
          null,
          null,
          Duration.ofSeconds(64).plus(MARGIN),
          Duration.ofHours(2).plus(MARGIN),
          MARGIN);

  /**
   * @throws NullPointerException when the prefix or a time-out is null; it names it
   * @throws IllegalArgumentException when the prefix is empty, or a time-out is less than a
   *     millisecond; it names it
   */
  public PushClientOptions {
    Objects.requireNonNull(prefix, "prefix");
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("prefix is empty");
    }
    callTimeout = positive(callTimeout, "callTimeout");
    messageTimeout = positive(messageTimeout, "messageTimeout");
    submitTimeout = positive(submitTimeout, "submitTimeout");
  }

  /** A time-out that timers understand. */
  static Duration positive(Duration timeout, String name) {
    Objects.requireNonNull(timeout, name);
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException(name + " is less than a millisecond: " + timeout);
    }
    return timeout;
  }

  /**
   * The same for a server whose addresses begin otherwise.
   *
   * @param newPrefix what its addresses begin with
   * @return other options
   */
  public PushClientOptions withPrefix(String newPrefix) {
    return new PushClientOptions(
        newPrefix, sender, apiKey, callTimeout, messageTimeout, submitTimeout);
  }

  /**
   * The same for a service that the server's log shall name so.
   *
   * @param newSender its name
   * @return other options
   */
  public PushClientOptions withSender(String newSender) {
    return new PushClientOptions(
        prefix, newSender, apiKey, callTimeout, messageTimeout, submitTimeout);
  }

  /**
   * The same with a key that the server knows.
   *
   * @param newApiKey the key
   * @return other options
   */
  public PushClientOptions withApiKey(String newApiKey) {
    return new PushClientOptions(
        prefix, sender, newApiKey, callTimeout, messageTimeout, submitTimeout);
  }

  /**
   * The same for a server whose calls have another deadline; add {@link #MARGIN} to that.
   *
   * @param newTimeout a millisecond at least
   * @return other options
   */
  public PushClientOptions withCallTimeout(Duration newTimeout) {
    return new PushClientOptions(prefix, sender, apiKey, newTimeout, messageTimeout, submitTimeout);
  }

  /**
   * The same for a server whose messages have another deadline; add {@link #MARGIN} to that.
   *
   * @param newTimeout a millisecond at least
   * @return other options
   */
  public PushClientOptions withMessageTimeout(Duration newTimeout) {
    return new PushClientOptions(prefix, sender, apiKey, callTimeout, newTimeout, submitTimeout);
  }

  /**
   * The same with another time-out for what the server answers at once.
   *
   * @param newTimeout a millisecond at least
   * @return other options
   */
  public PushClientOptions withSubmitTimeout(Duration newTimeout) {
    return new PushClientOptions(prefix, sender, apiKey, callTimeout, messageTimeout, newTimeout);
  }

  /** How long to wait for the end of a push. */
  Duration timeout(PushMessage message) {
    Duration longest = message.isCall() ? callTimeout : messageTimeout;
    return message
        .answeredAfter()
        .map(time -> time.plus(MARGIN))
        .filter(shorter -> shorter.compareTo(longest) < 0)
        .orElse(longest);
  }

  /** Fit for a log: says whether there is a key, and not which. */
  @Override
  public String toString() {
    return "PushClientOptions[prefix=%s, sender=%s, apiKey=%s, callTimeout=%s, messageTimeout=%s, submitTimeout=%s]"
        .formatted(
            prefix,
            sender,
            apiKey == null ? "none" : "(hidden)",
            callTimeout,
            messageTimeout,
            submitTimeout);
  }
}
