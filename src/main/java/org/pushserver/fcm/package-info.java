// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Firebase Cloud Messaging, HTTP v1 and the legacy key: OAuth tokens, and what its answers mean.
 *
 * <p>Event loop of the application's verticle, but for loading files; {@code OauthToken} is shared
 * by several verticles. Imports {@code push}, {@code spi}, {@code pns} and {@code route}.
 */
package org.pushserver.fcm;
