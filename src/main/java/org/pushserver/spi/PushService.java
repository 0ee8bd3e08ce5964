// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * The way from one application to its push service. Its life:
 *
 * <ol>
 *   <li>{@link PushServiceProvider#create} configures and checks it, on a worker thread
 *   <li>{@link #open} starts it, on the event loop of the application's verticle; everything that
 *       follows happens on that loop
 *   <li>{@link #send} is called once for each attempt, never more often at a time than {@link
 *       #window} allows
 *   <li>{@link #close} ends it, also when it was never opened or opening failed
 * </ol>
 */
public interface PushService {
  /**
   * Starts to connect.
   *
   * @param vertx what it runs on
   * @param time the clock and the timers to use
   * @param changed to be called on this event loop whenever {@link #window} or {@link #condition}
   *     has changed
   * @return completes when pushes may be handed over; that the service cannot be reached now is no
   *     failure: the window stays 0 until it can
   */
  Future<Void> open(Vertx vertx, Time time, Runnable changed);

  /**
   * How many pushes may be in flight now; 0 while the route to the service is down, where there is
   * one for all pushes: else what goes to a host that is down fails by itself. Not 0 while the
   * service refuses the application's credentials: its pushes are to be answered, not to wait.
   *
   * @return 0 or more
   */
  int window();

  /** {@return how it stands with the way to the service} */
  Condition condition();

  /**
   * A call waits because the {@link #window} is 0, so that a service that pauses between its tries
   * to connect may try sooner; on the event loop. Told again and again while that is so.
   *
   * @param leftMs so long the nearest one is worth to be sent, in milliseconds
   */
  default void hurry(long leftMs) {
    // A service without such pauses has nothing to do.
  }

  /**
   * When the application's credentials end by themselves; any thread.
   *
   * @return empty when they do not, as those that are keys
   */
  default Optional<Instant> credentialExpiry() {
    return Optional.empty();
  }

  /**
   * When the token that is sent with pushes ends, unless it is renewed before; on the event loop.
   *
   * @return empty when there is none, or it does not end
   */
  default Optional<Instant> tokenExpiry() {
    return Optional.empty();
  }

  /** {@return what its connections do; on the event loop} */
  default Connections connections() {
    return Connections.NONE;
  }

  /**
   * Makes one attempt to send.
   *
   * @param push what is sent
   * @param payload as the application type has made it for this attempt
   * @return completes with what the service answered; fails with {@link NotSentException} when the
   *     service certainly did not see the push, and with anything else when it may have
   */
  Future<Answer> send(Push push, Payload payload);

  /**
   * The answer to a push that the service would never take, however often it is asked, as to one
   * that is too long. Asked before a long push is left to wait; sends nothing. On the event loop.
   *
   * @param push what would be sent
   * @param payload as the application type has made it
   * @return empty when it may be taken
   */
  default Optional<Answer> refusal(Push push, Payload payload) {
    return Optional.empty();
  }

  /**
   * How many tries in a row were in vain to get what requests are signed with, such as a token of
   * somebody else's server. On the event loop.
   *
   * @return 0 or more; by default 0, as of one that needs nothing of the kind
   */
  default int credentialFailures() {
    return 0;
  }

  /**
   * Asks the service whether it takes the application's credentials, in a way of which no phone
   * learns; for {@code check-config --connect}. Called when the {@link #window} is not 0, in place
   * of {@link #send}.
   *
   * @param app the application
   * @return completes with what the service said; fails as {@link #send} does. By default that it
   *     was reached, which is all that can be known without a push
   */
  default Future<Trial> tryCredentials(AppKey app) {
    return Future.succeededFuture(
        new Trial(
            Trial.Finding.UNTRIED,
            "whether it takes the credentials, only a push to a phone can show"));
  }

  /**
   * Ends all connections. What is still in flight fails.
   *
   * @return completes when nothing is left, which is waited for 5 s
   */
  Future<Void> close();
}
