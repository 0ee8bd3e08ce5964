// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Apple Push Notification service: headers, provider tokens, certificates, and what its answers
 * mean.
 *
 * <p>Event loop of the application's verticle, but for loading files. Imports {@code push}, {@code
 * spi}, {@code pem}, {@code pns} and {@code route}.
 */
package org.pushserver.apns;
