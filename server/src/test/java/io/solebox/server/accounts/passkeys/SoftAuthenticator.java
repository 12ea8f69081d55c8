package io.solebox.server.accounts.passkeys;

import com.webauthn4j.converter.AttestationObjectConverter;
import com.webauthn4j.converter.AuthenticatorDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.data.attestation.AttestationObject;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionAuthenticatorOutput;
import com.webauthn4j.data.extension.authenticator.RegistrationExtensionAuthenticatorOutput;
import io.solebox.engine.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A device with one passkey, and the browser in front of it. What it says can be bent: that is what
 * the fields are for.
 */
public final class SoftAuthenticator {
  private static final byte HONEST = (byte) (AuthenticatorData.BIT_UP | AuthenticatorData.BIT_UV);

  private final ObjectConverter converter = new ObjectConverter();
  private final KeyPair keys;
  private final byte[] id = new byte[32];
  private final String origin;

  /** What it says of the person: present, verified. */
  byte flags = HONEST;

  /** How often it has signed; 0 for one that does not count. */
  long counter = 1;

  /** The name of the box that it answers for. */
  String rpId;

  /** What the browser says that is done. */
  String createType = "webauthn.create";

  String getType = "webauthn.get";
  private String userHandle = "";

  public SoftAuthenticator(String rpId, String origin) {
    this.rpId = rpId;
    this.origin = origin;
    new SecureRandom().nextBytes(id);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Answers creation options as a browser's {@code toJSON()} has it. */
  public Map<String, Object> create(Map<String, Object> options) {
    userHandle = (String) ((Map<?, ?>) options.get("user")).get("id");
    EC2COSEKey key =
        EC2COSEKey.create(
            (java.security.interfaces.ECPublicKey) keys.getPublic(), COSEAlgorithmIdentifier.ES256);
    AuthenticatorData<RegistrationExtensionAuthenticatorOutput> data =
        new AuthenticatorData<>(
            sha256(rpId.getBytes(StandardCharsets.UTF_8)),
            (byte) (flags | AuthenticatorData.BIT_AT),
            counter,
            new AttestedCredentialData(AAGUID.ZERO, id, key));
    byte[] attestation =
        new AttestationObjectConverter(converter)
            .convertToBytes(new AttestationObject(data, new NoneAttestationStatement()));
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("clientDataJSON", base64(clientData(createType, options)));
    response.put("attestationObject", base64(attestation));
    response.put("transports", List.of("internal"));
    return credential(response);
  }

  /** Counts a signature. */
  public void sign() {
    counter++;
  }

  /** Answers request options. */
  public Map<String, Object> get(Map<String, Object> options) {
    AuthenticatorData<AuthenticationExtensionAuthenticatorOutput> data =
        new AuthenticatorData<>(sha256(rpId.getBytes(StandardCharsets.UTF_8)), flags, counter);
    byte[] authenticator = new AuthenticatorDataConverter(converter).convert(data);
    byte[] client = clientData(getType, options);
    byte[] hash = sha256(client);
    byte[] signed =
        ByteBuffer.allocate(authenticator.length + hash.length)
            .put(authenticator)
            .put(hash)
            .array();
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("clientDataJSON", base64(client));
    response.put("authenticatorData", base64(authenticator));
    response.put("signature", base64(sign(signed)));
    response.put("userHandle", userHandle);
    return credential(response);
  }

  private Map<String, Object> credential(Map<String, Object> response) {
    Map<String, Object> credential = new LinkedHashMap<>();
    credential.put("id", base64(id));
    credential.put("rawId", base64(id));
    credential.put("type", "public-key");
    credential.put("authenticatorAttachment", "platform");
    credential.put("clientExtensionResults", Map.of());
    credential.put("response", response);
    return credential;
  }

  private byte[] clientData(String type, Map<String, Object> options) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("type", type);
    data.put("challenge", options.get("challenge"));
    data.put("origin", origin);
    data.put("crossOrigin", false);
    return new JsonWriter().bytes(data);
  }

  private byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
