// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What all push services share: {@code HttpPushService} is the skeleton on which one stands, {@code
 * Verdict} what its table of answers returns. Besides: the routes, one or one for each host; the
 * authorization of requests, and the breaker for when it is refused; URLs; the settings that each
 * service has; the log of what was on the wire.
 *
 * <p>Event loop of the application's verticle, but for reading settings. Imports {@code push},
 * {@code spi}, {@code pem}, {@code log} and {@code route}; imported by {@code apns} and {@code
 * fcm}.
 */
package org.pushserver.pns;
