// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import org.pushserver.route.RouteOptions;

/**
 * One application's way to APNs, read and checked.
 *
 * @param route where to, and with what certificate
 * @param url how the push service is named to callers, without a path
 * @param token what requests carry; null where a client certificate says who we are
 */
record ApnsConfig(RouteOptions route, String url, ProviderToken token) {}
