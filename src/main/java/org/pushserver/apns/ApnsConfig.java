// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import org.pushserver.pns.Authorization;
import org.pushserver.pns.Endpoint;
import org.pushserver.route.RouteOptions;

/**
 * One application's way to APNs, read and checked.
 *
 * @param section the label of its section
 * @param host where to
 * @param route the way there, and with what certificate
 * @param authorization a provider token, or the certificate that the route shows
 */
record ApnsConfig(String section, Endpoint host, RouteOptions route, Authorization authorization) {}
