// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.push.AppKey;
import org.pushserver.route.Proxy;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

class ProxyTest {
  private final List<Problem> problems = new ArrayList<>();

  private Optional<Proxy> read(String url) {
    AppConfig config =
        new AppConfig(
            "applications.ini",
            "phone",
            new AppKey("com.example.phone", AppKey.APPLE),
            "sylk",
            Map.of("proxy_url", url),
            Path.of("."),
            Delivery.DEFAULT);
    return Optional.ofNullable(RouteSettings.read(config, "x_ca_file", problems::add).proxy());
  }

  @ParameterizedTest
  @CsvSource({
    "http://squid.example:3128, squid.example, 3128",
    "HTTP://squid.example:3128/, squid.example, 3128",
    "' http://10.0.0.1:80 ', 10.0.0.1, 80",
    "http://[2001:db8::1]:8080, 2001:db8::1, 8080",
  })
  void hostAndPortAreRead(String url, String host, int port) {
    ProxyOptions options = read(url).orElseThrow().options();
    assertEquals(ProxyType.HTTP, options.getType());
    assertEquals(host, options.getHost());
    assertEquals(port, options.getPort());
    assertNull(options.getUsername());
    assertNull(options.getPassword());
  }

  @ParameterizedTest
  @CsvSource({
    "us:secret, us, secret",
    "us, us, ''",
    "us:a:b, us, a:b",
    "us%40example.com:%40%3A%2F%3F%23%25+%20%C3%A4, us@example.com, '@:/?#%+ ä'",
  })
  void userAndPasswordArePercentDecoded(String encoded, String user, String password) {
    ProxyOptions options = read("http://" + encoded + "@proxy:3128").orElseThrow().options();
    assertEquals(user, options.getUsername());
    assertEquals(password, options.getPassword());
  }

  @Test
  void theSameProxyForTheSameUserIsEqual() {
    Proxy proxy = Proxy.parse("http://us:secret@gate.example:3128");
    assertEquals(proxy, Proxy.parse("http://us:secret@gate.example:3128"));
    assertEquals(proxy.hashCode(), Proxy.parse("http://us:secret@gate.example:3128").hashCode());
    for (String other :
        new String[] {
          "http://us:other@gate.example:3128",
          "http://them:secret@gate.example:3128",
          "http://us:secret@gate.example:3129",
          "http://gate.example:3128"
        }) {
      assertNotEquals(proxy, Proxy.parse(other));
    }
  }

  @Test
  void aBlankSettingIsNone() {
    assertEquals(Optional.empty(), read(" "));
    assertEquals(List.of(), problems);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://us:secret@proxy:3128 | must begin with http://",
        "socks5://us:secret@proxy:1080 | must begin with http://",
        "us:secret@proxy:3128 | must begin with http://",
        "http://us:secret@proxy | needs a port",
        "http://us:secret@proxy:0 | needs a port",
        "http://us:secret@proxy:65536 | needs a port",
        "http://us:secret | is not http://",
        "http://us:se@secret@proxy:3128 | is not http://",
        "http://us:secret#@proxy:3128 | is not http://",
        "http://us:secret%@proxy:3128 | is not http://",
        "http://us:secret@proxy:3128/way | is not http://",
        "http://us:secret@proxy:3128/?a=b | is not http://",
        "http://us:secret @proxy:3128 | is not http://",
        "http://secret | needs a port",
      })
  void whatIsWrongIsToldWithItsPlaceAndWithoutThePassword(String url, String said) {
    assertEquals(Optional.empty(), read(url));
    String problem = problems.get(0).toString();
    assertTrue(problem.startsWith("applications.ini [phone] proxy_url: " + said), problem);
    assertFalse(problem.contains("secret"), problem);
    assertEquals(1, problems.size());
  }

  @Test
  void itsTextHasNoPassword() {
    assertEquals("proxy:3128", read("http://us:secret@proxy:3128").orElseThrow().toString());
  }

  @Test
  void whatIsNotEncryptedDoesNotGoThroughIt() {
    Proxy proxy = read("http://proxy:3128").orElseThrow();
    assertThrows(
        IllegalArgumentException.class,
        () -> new Target("127.0.0.1", 80, Protocol.PLAIN_HTTP1, proxy));
  }
}
