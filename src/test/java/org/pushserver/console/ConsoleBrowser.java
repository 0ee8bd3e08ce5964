// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What of a browser the pages need: a place for one cookie. It follows nothing by itself. */
final class ConsoleBrowser {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private String cookie;

  ConsoleBrowser(int port) {
    this.port = port;
  }

  /** One that has logged in. */
  static ConsoleBrowser of(ConsoleDoor door, String key) throws Exception {
    ConsoleBrowser browser = new ConsoleBrowser(door.port());
    browser.logIn(key);
    return browser;
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(request(path, headers).GET().build());
  }

  /** An answer that goes on. */
  HttpResponse<InputStream> stream(String path) throws Exception {
    return client.send(request(path).GET().build(), BodyHandlers.ofInputStream());
  }

  @CanIgnoreReturnValue
  HttpResponse<String> post(String path, String form, String... headers) throws Exception {
    return send(
        request(path, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  @CanIgnoreReturnValue
  HttpResponse<String> logIn(String key, String... headers) throws Exception {
    return post("/console/login", "key=" + encoded(key) + "&to=%2Fconsole", headers);
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    setCookie(response).ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
    return response;
  }

  static Optional<String> setCookie(HttpResponse<String> response) {
    return response.headers().firstValue("set-cookie");
  }

  /** As it is sent. */
  String cookie() {
    return cookie;
  }

  /** Sends this from now on. */
  void cookie(String changed) {
    cookie = changed;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
