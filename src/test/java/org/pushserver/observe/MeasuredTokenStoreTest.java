// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.tokens.StoredTokens;
import org.pushserver.tokens.TokenStore;

/** What stands before a store does not keep it from being asked as it is. */
class MeasuredTokenStoreTest {
  /** It reached the store. */
  private static final class ReachedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReachedException(String name) {
      super(name);
    }
  }

  static Stream<Method> questions() {
    return Arrays.stream(TokenStore.class.getMethods()).filter(it -> !it.isSynthetic());
  }

  private static Object[] nothings(Method question) {
    return Arrays.stream(question.getParameterTypes())
        .map(type -> type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : null)
        .toArray();
  }

  /** Also those that have an answer of their own, which is not this store's. */
  @ParameterizedTest
  @MethodSource("questions")
  void eachQuestionReachesTheStore(Method question) throws Exception {
    InvocationHandler store =
        (proxy, asked, arguments) -> {
          throw new ReachedException(asked.toGenericString());
        };
    TokenStore asked =
        (TokenStore)
            Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, store);
    TokenStore measured =
        new MeasuredTokenStore(
            asked, operation -> new SimpleMeterRegistry().timer("it"), new ManualTime());
    String reached = "";
    try {
      Object unused = question.invoke(measured, nothings(question));
    } catch (InvocationTargetException e) {
      reached = String.valueOf(e.getCause().getMessage());
    }
    assertEquals(question.toGenericString(), reached);
  }

  @Test
  void theStoreOfAServerAnswersEachQuestionItself() {
    for (Class<?> store : List.of(MeasuredTokenStore.class, StoredTokens.class)) {
      questions()
          .filter(question -> !List.of("refusal", "isShared").contains(question.getName()))
          .forEach(question -> assertNotEquals(TokenStore.class, declaring(store, question)));
    }
  }

  private static Class<?> declaring(Class<?> store, Method question) {
    try {
      return store.getMethod(question.getName(), question.getParameterTypes()).getDeclaringClass();
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }
}
