// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Instant;
import org.pushserver.route.RouteOptions;

/**
 * One application's way to APNs, read and checked.
 *
 * @param section the label of its section
 * @param route where to, and with what certificate
 * @param url how the push service is named to callers, without a path
 * @param token what requests carry; null where a client certificate says who we are
 * @param certificateEnd from when on that certificate is not valid; null where there is a token
 */
record ApnsConfig(
    String section, RouteOptions route, String url, ProviderToken token, Instant certificateEnd) {}
