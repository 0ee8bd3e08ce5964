// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What can be asked for over HTTP: one {@link org.pushserver.endpoint.HttpEndpoint} for each method
 * and path, with the guard before it; their list, of which routes, labels of metrics and the check
 * of the OpenAPI document are made; and {@link org.pushserver.endpoint.Page}, what many are
 * answered with, or {@link org.pushserver.endpoint.PackedPage}, where that is long.
 *
 * <p>Event loops. Imports {@code config}; imported by who has endpoints ({@code observe}) and by
 * the doors that show them ({@code ingress}, {@code observe}).
 */
package org.pushserver.endpoint;
