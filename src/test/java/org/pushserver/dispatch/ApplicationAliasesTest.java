// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.TokenForm;
import org.pushserver.sylk.SylkApplication;

class ApplicationAliasesTest {
  private final ApplicationAliases aliases = new ApplicationAliases();

  private static Application application(String appId, String platform, String... names) {
    return new Application(
        new AppKey(appId, platform),
        appId,
        new SylkApplication(),
        Delivery.DEFAULT,
        TokenForm.PRINTABLE,
        false,
        Set.of(names));
  }

  private Optional<String> find(String name, String platform) {
    return aliases.find(new AppKey(name, platform)).map(AppKey::toString);
  }

  @Test
  void anApplicationIsFoundByEachOfItsNamesOnItsPlatform() {
    aliases.add(application("a", AppKey.APPLE, "x", "y"));
    aliases.add(application("b", AppKey.FIREBASE, "x"));
    assertEquals(Optional.of("a/apple"), find("x", AppKey.APPLE));
    assertEquals(Optional.of("a/apple"), find("y", AppKey.APPLE));
    assertEquals(Optional.of("b/firebase"), find("x", AppKey.FIREBASE));
    assertEquals(Optional.empty(), find("y", AppKey.FIREBASE));
    assertEquals(Optional.empty(), find("a", AppKey.APPLE));
  }

  @Test
  void aNameThatTwoHaveMeansNoneUntilOneOfThemHasGone() {
    Application one = application("a", AppKey.APPLE, "x");
    aliases.add(one);
    aliases.add(application("b", AppKey.APPLE, "x"));
    assertEquals(Optional.empty(), find("x", AppKey.APPLE));
    aliases.remove(one);
    assertEquals(Optional.of("b/apple"), find("x", AppKey.APPLE));
  }

  @Test
  void whatIsRemovedIsForgotten() {
    Application one = application("a", AppKey.APPLE, "x");
    aliases.add(one);
    aliases.add(one);
    aliases.remove(one);
    aliases.remove(one);
    assertEquals(Optional.empty(), find("x", AppKey.APPLE));
  }
}
