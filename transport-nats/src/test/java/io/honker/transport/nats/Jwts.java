package io.honker.transport.nats;

import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** An operator, an account with JetStream and a user, each signed by the one before. */
final class Jwts {

  private final NKey operator;
  private final NKey account;
  private final NKey user;

  Jwts() throws IOException, GeneralSecurityException {
    operator = NKey.createOperator(null);
    account = NKey.createAccount(null);
    user = NKey.createUser(null);
  }

  /** Lines of a server's configuration that trusts the operator and knows the account. */
  List<String> configuration() throws IOException, GeneralSecurityException {
    String system = id(NKey.createAccount(null));
    String limits =
        "{\"type\":\"account\",\"version\":2,\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,"
            + "\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,\"leaf\":-1";
    String systemClaim = limits + "}}"; // may have no JetStream
    String accountClaim =
        limits + ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1}}";
    return List.of(
        "operator: " + jwt(id(operator), "{\"type\":\"operator\",\"version\":2}"),
        "system_account: " + system,
        "resolver: MEMORY",
        "resolver_preload: { " + id(account) + ": " + jwt(id(account), accountClaim),
        system + ": " + jwt(system, systemClaim) + " }");
  }

  /** What a credentials file holds. */
  String credentials() throws IOException, GeneralSecurityException {
    String jwt = JwtUtils.issueUserJWT(account, id(account), id(user));
    return String.format(JwtUtils.NATS_USER_JWT_FORMAT, jwt, new String(user.getSeed()));
  }

  private static String id(NKey key) throws IOException, GeneralSecurityException {
    return new String(key.getPublicKey());
  }

  /** Signed by the operator. */
  private String jwt(String subject, String claim) throws IOException, GeneralSecurityException {
    String body =
        "\"iat\":1700000000,\"iss\":\""
            + id(operator)
            + "\",\"name\":\"test\",\"sub\":\""
            + subject
            + "\",\"nats\":"
            + claim
            + "}";
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
    StringBuilder hex = new StringBuilder();
    for (byte each : hash) {
      hex.append(String.format(Locale.ROOT, "%02X", each));
    }
    String unsigned =
        encode("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}")
            + "."
            + encode("{\"jti\":\"" + hex + "\"," + body);
    byte[] signature = operator.sign(unsigned.getBytes(StandardCharsets.UTF_8));
    return unsigned + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
