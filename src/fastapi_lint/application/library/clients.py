"""Blocking clients of outside services: cloud storage, mail, payment, language models, containers, LDAP.

Large SDKs are modelled as a whole: every method blocks (`otherwise`), except those that only build something.
"""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, each, words

HTTP, BLOCK, FILE = Effect.HTTP, Effect.BLOCK, Effect.FILE
QUERY, WRITE, DELETE = Effect.QUERY, Effect.WRITE, Effect.DELETE

_CALLS = CallModel((HTTP, BLOCK))
_BLOCKS = CallModel((BLOCK,))
_NOTHING = CallModel()


def _sdk(name: str, builds: str = "") -> ClassModel:
    """An SDK's client: whatever is called on or below it blocks, but for methods that give a part of it."""
    return ClassModel(methods=each({builds: CallModel(returns=name)}), members=name, otherwise=_CALLS)


_BOTO_NOTHING = "generate_presigned_url generate_presigned_post can_paginate get_waiter close"
_BOTO_PARTS = (
    "Bucket Object ObjectSummary Table Queue Topic Instance Key MultipartUpload BucketPolicy "
    "Subscription Message Role User Policy get_paginator"
)
_DYNAMO = each(
    {
        "get_item query scan batch_get_item": CallModel((QUERY, HTTP, BLOCK)),
        "put_item update_item batch_write_item": CallModel((WRITE, HTTP, BLOCK)),
        "delete_item": CallModel((DELETE, HTTP, BLOCK)),
    }
)

# Blocking clients whose every method goes over the network.
_SDKS = {
    "openai.OpenAI": "with_options copy",
    "elevenlabs.ElevenLabs": "with_options",
    "postmarker.core.PostmarkClient": "",
    "openai.AzureOpenAI": "with_options copy",
    "anthropic.Anthropic": "with_options copy",
    "groq.Groq": "with_options copy",
    "google.generativeai.GenerativeModel": "start_chat",
    "cohere.Client": "",
    "mistralai.client.Mistral": "",
    "twilio.rest.Client": "messages calls",
    "sendgrid.SendGridAPIClient": "",
    "slack_sdk.WebClient": "",
    "docker.DockerClient": "",
    "docker.APIClient": "",
    "github.Github": "",
    "hvac.Client": "",
    "google.cloud.storage.Client": "bucket",
    "google.cloud.bigquery.Client": "",
    "google.cloud.secretmanager.SecretManagerServiceClient": "secret_path secret_version_path",
    "google.cloud.pubsub_v1.PublisherClient": "topic_path",
    "google.cloud.logging_v2.Client": "",
    "azure.storage.blob.BlobServiceClient": "get_container_client get_blob_client from_connection_string",
    "azure.keyvault.secrets.SecretClient": "",
    "kubernetes.client.CoreV1Api": "",
    "kubernetes.client.AppsV1Api": "",
    "kubernetes.client.BatchV1Api": "",
    "kubernetes.client.CustomObjectsApi": "",
    "paramiko.SSHClient": "open_sftp get_transport invoke_shell set_missing_host_key_policy",
    "git.Repo": "",
    "ldap3.Connection": "",
    "kafka.KafkaConsumer": "",
    "pika.BlockingConnection": "channel",
}
# Their async counterparts: no model says which of their methods are awaited, only that none blocks.
_ASYNC_SDKS = words(
    "openai.AsyncOpenAI openai.AsyncAzureOpenAI anthropic.AsyncAnthropic supabase.AsyncClient "
    "slack_sdk.web.async_client.AsyncWebClient"
)

CLASSES: Final = {
    **{name: _sdk(name, builds) for name, builds in _SDKS.items()},
    **{name: ClassModel(members=name, otherwise=CallModel((HTTP,))) for name in _ASYNC_SDKS},
    # What signs or checks needs no network.
    "stripe.StripeClient": ClassModel(
        methods={"construct_event": _NOTHING}, members="stripe.StripeClient", otherwise=_CALLS
    ),
    "minio.Minio": ClassModel(
        methods=each({"get_presigned_url presigned_get_object presigned_put_object": _NOTHING}),
        otherwise=_CALLS,
    ),
    "supabase.Client": ClassModel(
        methods=each({"table from_": CallModel(returns="supabase.Client.table()")}),
        members="supabase.Client",
        otherwise=_CALLS,
    ),
    "supabase.Client.table()": ClassModel(
        methods={"execute": CallModel((QUERY, HTTP, BLOCK))}, otherwise=CallModel(returns="self")
    ),
    "google.genai.Client": ClassModel(
        members="google.genai.Client", attributes={"aio": "google.genai.Client.aio()"}, otherwise=_CALLS
    ),
    "google.genai.Client.aio()": ClassModel(
        members="google.genai.Client.aio()", otherwise=CallModel((HTTP,))
    ),
    "boto3.Session": ClassModel(
        methods=each(
            {
                "client": CallModel(returns="boto3.client()"),
                "resource": CallModel(returns="boto3.resource()"),
                "get_credentials": _NOTHING,
            }
        )
    ),
    "boto3.client()": ClassModel(
        methods={
            **each({_BOTO_NOTHING: _NOTHING, "get_paginator": CallModel(returns="boto3.client()")}),
            **_DYNAMO,
        },
        otherwise=_CALLS,
    ),
    "boto3.resource()": ClassModel(
        methods={
            **each({_BOTO_NOTHING: _NOTHING, _BOTO_PARTS: CallModel(returns="boto3.resource()")}),
            **_DYNAMO,
        },
        members="boto3.resource()",
        otherwise=_CALLS,
    ),
    "kafka.KafkaProducer": ClassModel(methods=each({"send": _NOTHING, "flush close": _BLOCKS})),
    "fastapi_mail.FastMail": ClassModel(methods={"send_message": CallModel(is_async=True)}),
}

FUNCTIONS: Final = {
    "boto3.client": CallModel(returns="boto3.client()"),
    "boto3.resource": CallModel(returns="boto3.resource()"),
    "docker.from_env": CallModel(returns="docker.DockerClient"),
    "supabase.create_client": CallModel(returns="supabase.Client"),
    "resend.Emails.send": _CALLS,
    "git.Repo.clone_from": _BLOCKS,
    "huggingface_hub.snapshot_download": _CALLS,
    "huggingface_hub.hf_hub_download": _CALLS,
    **{
        f"stripe.{resource}.{method}": _CALLS
        for resource in words(
            "Customer Charge PaymentIntent PaymentMethod Subscription Price Product Refund Invoice "
            "SetupIntent Account"
        )
        for method in ("create", "retrieve", "list", "modify")
    },
    "stripe.checkout.Session.create": _CALLS,
    "stripe.checkout.Session.retrieve": _CALLS,
    "stripe.billing_portal.Session.create": _CALLS,
    "stripe.Webhook.construct_event": _NOTHING,
    "aiosmtplib.send": CallModel(is_async=True),
}

ALIASES: Final = {
    "mistralai.Mistral": "mistralai.client.Mistral",
    "boto3.session.Session": "boto3.Session",
    "openai.Client": "openai.OpenAI",
    "openai.AsyncClient": "openai.AsyncOpenAI",
    "openai.lib.azure": "openai",
    "anthropic.Client": "anthropic.Anthropic",
    "anthropic.AsyncClient": "anthropic.AsyncAnthropic",
    "docker.client": "docker",
    "docker.api.client.APIClient": "docker.APIClient",
    "docker.client.DockerClient.from_env": "docker.from_env",
    "docker.client.from_env": "docker.from_env",
    "github.MainClass.Github": "github.Github",
    "slack_sdk.web.client.WebClient": "slack_sdk.WebClient",
    "slack_sdk.web.WebClient": "slack_sdk.WebClient",
    "minio.api.Minio": "minio.Minio",
    "hvac.v1.Client": "hvac.Client",
    "sendgrid.sendgrid.SendGridAPIClient": "sendgrid.SendGridAPIClient",
    "paramiko.client.SSHClient": "paramiko.SSHClient",
    "git.repo.base.Repo": "git.Repo",
    "git.repo.Repo": "git.Repo",
    "google.cloud.storage.client.Client": "google.cloud.storage.Client",
    "google.cloud.bigquery.client.Client": "google.cloud.bigquery.Client",
    "elevenlabs.client.ElevenLabs": "elevenlabs.ElevenLabs",
    "google.cloud.pubsub.PublisherClient": "google.cloud.pubsub_v1.PublisherClient",
    "google.cloud.logging.Client": "google.cloud.logging_v2.Client",
    "supabase._sync.client.Client": "supabase.Client",
    "supabase.client.Client": "supabase.Client",
    "supabase._async.client.AsyncClient": "supabase.AsyncClient",
    "ldap3.core.connection.Connection": "ldap3.Connection",
    "kubernetes.client.api": "kubernetes.client",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)

# Send a message to somebody, and come back once a server has taken it.
SENDING: Final = frozenset(
    words(
        "smtplib.SMTP.sendmail smtplib.SMTP.send_message smtplib.SMTP_SSL.sendmail "
        "smtplib.SMTP_SSL.send_message aiosmtplib.send aiosmtplib.SMTP.send_message aiosmtplib.SMTP.sendmail "
        "fastapi_mail.FastMail.send_message resend.Emails.send sendgrid.SendGridAPIClient.send "
        "slack_sdk.WebClient.chat_postMessage slack_sdk.web.async_client.AsyncWebClient.chat_postMessage "
        "boto3.client().send_email boto3.client().send_raw_email twilio.rest.Client.create"
    )
)
