package io.solebox.server.accounts;

import java.math.BigInteger;

/** What an authenticator app makes of a typed secret: 20 bytes of 32 characters. */
public final class Base32Text {
  private Base32Text() {}

  public static byte[] decode(String text) {
    String digits = "0123456789abcdefghijklmnopqrstuv"; // BigInteger's
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    StringBuilder number = new StringBuilder("1"); // keeps zeros in front
    text.chars().forEach(c -> number.append(digits.charAt(alphabet.indexOf(c))));
    byte[] bytes = new BigInteger(number.toString(), 32).toByteArray();
    byte[] secret = new byte[text.length() * 5 / 8];
    System.arraycopy(bytes, bytes.length - secret.length, secret, 0, secret.length);
    return secret;
  }
}
