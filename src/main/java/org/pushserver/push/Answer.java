// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.time.Duration;
import java.util.Objects;

/**
 * What one attempt to send came to. All but {@link Later} end the push.
 *
 * <p>That the service <em>could not be asked</em> is no answer: it is a failed future of the
 * attempt.
 */
public sealed interface Answer {
  /** {@return what the service said} */
  Response response();

  /** The service took the push. */
  record Delivered(Response response) implements Answer {
    public Delivered {
      Objects.requireNonNull(response, "response");
    }
  }

  /**
   * The service will never take this push.
   *
   * @param fault whose mistake it is
   */
  record Refused(Response response, Fault fault) implements Answer {
    public Refused {
      Objects.requireNonNull(response, "response");
      Objects.requireNonNull(fault, "fault");
    }
  }

  /**
   * The device cannot be reached under this token any more; the caller should forget it.
   *
   * @param response what the service said
   * @param wasKnown whether the service says that it knew the token, which has gone; else it knows
   *     of none, as it would of all tokens of another environment or project
   * @param since when it was dead already, as the service says, milliseconds since the epoch; 0
   *     when it does not say
   */
  record DeadToken(Response response, boolean wasKnown, long since) implements Answer {
    public DeadToken {
      Objects.requireNonNull(response, "response");
      if (since < 0) {
        throw new IllegalArgumentException("since: " + since);
      }
    }

    /**
     * A token of which the service says nothing more.
     *
     * @param response what the service said
     */
    public DeadToken(Response response) {
      this(response, false, 0);
    }
  }

  /**
   * The service may take this push later.
   *
   * @param after how long the service asked to wait; null when it did not say
   * @param mayHaveArrived whether the phone may have got it nevertheless, so that trying again can
   *     make it ring twice, and a call that is cancelled has to be cancelled on the phone, too
   */
  record Later(Response response, Duration after, boolean mayHaveArrived) implements Answer {
    public Later {
      Objects.requireNonNull(response, "response");
    }
  }

  /** Whose mistake a refusal is: it tells the operator where to look. */
  enum Fault {
    /** This one push: its token, topic or payload. */
    PUSH,
    /** The application's configuration: its credentials, topic, project or environment. */
    APPLICATION,
    /** This server: it built a request that the service cannot take. */
    SERVER
  }
}
