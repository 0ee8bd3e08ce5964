// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

/**
 * A Google service account.
 *
 * @param projectId the Firebase project that it sends for
 */
record ServiceAccount(String projectId, Credential credential) {}
