// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What happened to each push, told to whom it concerns: the lines of the log, and the collectors
 * that an application's owner may have.
 *
 * <p>Told as a {@link org.pushserver.events.PushListener}, on the event loop of the push's
 * application; nothing here makes a push wait. Imports {@code push}, {@code spi}, {@code dispatch},
 * {@code log} and of {@code route} the trust in authorities.
 */
package org.pushserver.audit;
