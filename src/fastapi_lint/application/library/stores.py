"""Other stores: Redis, search engines, ClickHouse, Cassandra, Neo4j, vector databases; clients with pools.

A Redis command is neither QUERY nor WRITE here: a cache that is read and filled on the way is not what a rule
about queries or about writes in GET handlers is about. A sync client still blocks.
"""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, asynchronous, each

QUERY, WRITE, CREATE, DELETE, BLOCK = Effect.QUERY, Effect.WRITE, Effect.CREATE, Effect.DELETE, Effect.BLOCK

_BLOCKS = CallModel((BLOCK,))
_READS = CallModel((QUERY, BLOCK))
_WRITES = CallModel((WRITE, BLOCK))
_DELETES = CallModel((DELETE, BLOCK))
_NOTHING = CallModel()

_REDIS = each(
    {
        "append auth bitcount blpop brpop dbsize decr decrby delete dump echo eval evalsha exists expire "
        "expireat flushall flushdb geoadd geosearch get getbit getdel getex getrange getset hdel hexists "
        "hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hset hsetnx hstrlen hvals incr incrby "
        "incrbyfloat info keys lindex linsert llen lmove lpop lpush lpushx lrange lrem lset ltrim mget move "
        "mset msetnx object persist pexpire pfadd pfcount ping psetex pttl publish randomkey rename renamenx "
        "restore rpop rpoplpush rpush rpushx sadd save scan scard sdiff set setbit setex setnx setrange "
        "sinter sismember smembers smismember smove sort spop srandmember srem sscan strlen sunion time "
        "touch ttl type unlink wait watch xack xadd xdel xgroup_create xlen xrange xread xreadgroup "
        "xrevrange zadd zcard zcount zincrby zpopmax zpopmin zrange zrangebyscore zrank zrem zremrangebyrank "
        "zremrangebyscore zrevrange zscan zscore execute_command hscan transaction": _BLOCKS,
        "close": _NOTHING,
    }
)
_REDIS_BUILDS = each(
    {
        "from_url": CallModel(returns="self"),
        "lock register_script scan_iter hscan_iter sscan_iter zscan_iter": _NOTHING,
    }
)
_PIPELINE = {
    name: CallModel(returns="self") for name in _REDIS if name not in {"close", "transaction", "watch"}
}
_PUBSUB = each({"subscribe psubscribe unsubscribe punsubscribe get_message close": _BLOCKS})

_SEARCH = each(
    {
        "search get mget msearch count exists get_source scroll explain": _READS,
        "index create update bulk update_by_query reindex": _WRITES,
        "delete delete_by_query": _DELETES,
        "ping info": _BLOCKS,
        "close": _BLOCKS,
    }
)

_VECTORS = each(
    {
        "query_points query_batch_points retrieve scroll count facet": _READS,
        "get_collection get_collections collection_exists info": _BLOCKS,
        "upsert set_payload overwrite_payload update_vectors upload_points upload_collection": _WRITES,
        "delete delete_payload delete_vectors delete_collection": _DELETES,
        "create_collection recreate_collection create_payload_index close": _BLOCKS,
    }
)
_UPLOADS = each({"upload_points upload_collection": _WRITES})

_CLICKHOUSE = each(
    {
        "query query_df query_np query_arrow raw_query": _READS._replace(takes="sql"),
        "command": _READS._replace(takes="sql"),
        "insert insert_df insert_arrow raw_insert": CallModel((CREATE, BLOCK)),
        "ping": _BLOCKS,
        "close": _NOTHING,
    }
)

_NEO4J_SESSION = each(
    {
        "run": CallModel((QUERY, BLOCK), "neo4j.Result"),
        "execute_read": CallModel((QUERY, BLOCK), takes="callable"),
        "execute_write": CallModel((WRITE, BLOCK), takes="callable"),
        "begin_transaction": CallModel((BLOCK,), "neo4j.Transaction"),
        "close": _BLOCKS,
    }
)
_NEO4J_RESULT = each(
    {
        "single": CallModel(returns="row"),
        "data values fetch": CallModel(returns="rows"),
        "value consume": CallModel(returns="scalar"),
    }
)
_NEO4J_TRANSACTION = each(
    {
        "run": CallModel((QUERY, BLOCK), "neo4j.Result"),
        "commit": CallModel((Effect.COMMIT, BLOCK)),
        "rollback": CallModel((Effect.ROLLBACK, BLOCK)),
    }
)
_NEO4J = {name: f"neo4j.Async{name[6:]}" for name in ("neo4j.Result", "neo4j.Transaction", "neo4j.Session")}

CLASSES: Final = {
    "redis.Redis": ClassModel(
        methods=_REDIS
        | _REDIS_BUILDS
        | each(
            {
                "pipeline": CallModel(returns="redis.client.Pipeline"),
                "pubsub": CallModel(returns="redis.client.PubSub"),
            }
        )
    ),
    "redis.client.Pipeline": ClassModel(
        methods=_PIPELINE | each({"execute watch": _BLOCKS, "multi reset": _NOTHING})
    ),
    "redis.client.PubSub": ClassModel(methods=_PUBSUB),
    "redis.RedisCluster": ClassModel(bases=("redis.Redis",)),
    "redis.asyncio.Redis": ClassModel(
        methods=asynchronous(_REDIS)
        | _REDIS_BUILDS
        | each(
            {
                "pipeline": CallModel(returns="redis.asyncio.client.Pipeline"),
                "pubsub": CallModel(returns="redis.asyncio.client.PubSub"),
                "close aclose": CallModel(is_async=True),
            }
        )
    ),
    "redis.asyncio.client.Pipeline": ClassModel(
        methods=_PIPELINE | each({"execute watch reset": CallModel(is_async=True), "multi": _NOTHING})
    ),
    "redis.asyncio.client.PubSub": ClassModel(methods=asynchronous(_PUBSUB)),
    "redis.asyncio.RedisCluster": ClassModel(bases=("redis.asyncio.Redis",)),
    "elasticsearch.Elasticsearch": ClassModel(methods=_SEARCH),
    "elasticsearch.AsyncElasticsearch": ClassModel(methods=asynchronous(_SEARCH)),
    "opensearchpy.OpenSearch": ClassModel(methods=_SEARCH),
    "opensearchpy.AsyncOpenSearch": ClassModel(methods=asynchronous(_SEARCH)),
    "clickhouse_connect.driver.client.Client": ClassModel(methods=_CLICKHOUSE),
    "clickhouse_connect.driver.asyncclient.AsyncClient": ClassModel(
        methods=asynchronous(_CLICKHOUSE) | {"close": CallModel(is_async=True)}
    ),
    "clickhouse_driver.Client": ClassModel(
        methods=each(
            {
                "execute execute_iter query_dataframe": _READS._replace(takes="sql"),
                "insert_dataframe": CallModel((CREATE, BLOCK)),
                "disconnect": _NOTHING,
            }
        )
    ),
    "cassandra.cluster.Cluster": ClassModel(
        methods=each({"connect": CallModel((BLOCK,), "cassandra.cluster.Session"), "shutdown": _BLOCKS})
    ),
    "cassandra.cluster.Session": ClassModel(
        methods=each(
            {
                "execute": _READS._replace(takes="sql"),
                "execute_async": CallModel((QUERY,), takes="sql"),
                "prepare": _BLOCKS._replace(takes="sql"),
                "set_keyspace shutdown": _BLOCKS,
            }
        )
    ),
    "neo4j.Driver": ClassModel(
        methods=each(
            {
                "session": CallModel((Effect.CONNECT,), "neo4j.Session"),
                "execute_query": _READS,
                "verify_connectivity close": _BLOCKS,
            }
        ),
        factory=True,
    ),
    "neo4j.Session": ClassModel(methods=_NEO4J_SESSION, session="sync"),
    "neo4j.Transaction": ClassModel(methods=_NEO4J_TRANSACTION, exits=(Effect.COMMIT, BLOCK)),
    "neo4j.Result": ClassModel(methods=_NEO4J_RESULT),
    "neo4j.AsyncDriver": ClassModel(
        methods=each(
            {
                "session": CallModel((Effect.CONNECT,), "neo4j.AsyncSession"),
                "execute_query": CallModel((QUERY,), is_async=True),
                "verify_connectivity close": CallModel(is_async=True),
            }
        ),
        factory=True,
    ),
    "neo4j.AsyncSession": ClassModel(methods=asynchronous(_NEO4J_SESSION, _NEO4J), session="async"),
    "neo4j.AsyncTransaction": ClassModel(
        methods=asynchronous(_NEO4J_TRANSACTION, _NEO4J), exits=(Effect.COMMIT,)
    ),
    "neo4j.AsyncResult": ClassModel(
        methods={name: model._replace(is_async=True) for name, model in _NEO4J_RESULT.items()}
    ),
    "qdrant_client.QdrantClient": ClassModel(methods=_VECTORS | _UPLOADS),
    "qdrant_client.AsyncQdrantClient": ClassModel(
        methods=asynchronous(_VECTORS) | {name: CallModel((WRITE,)) for name in _UPLOADS}
    ),
    "pymilvus.MilvusClient": ClassModel(
        methods=each(
            {
                "search query get": _READS,
                "insert": CallModel((CREATE, BLOCK)),
                "upsert": _WRITES,
                "delete drop_collection": _DELETES,
                "create_collection has_collection describe_collection list_collections load_collection "
                "flush": _BLOCKS,
            }
        )
    ),
    "pymemcache.client.base.Client": ClassModel(
        methods=each({"get get_many set set_many add delete delete_many incr decr flush_all": _BLOCKS})
    ),
}

FUNCTIONS: Final = {
    "redis.from_url": CallModel(returns="redis.Redis"),
    "redis.asyncio.from_url": CallModel(returns="redis.asyncio.Redis"),
    "elasticsearch.helpers.bulk": _WRITES,
    "elasticsearch.helpers.scan": CallModel((QUERY, BLOCK), "rows"),
    "elasticsearch.helpers.async_bulk": CallModel((WRITE,), is_async=True),
    "opensearchpy.helpers.bulk": _WRITES,
    "clickhouse_connect.get_client": CallModel((BLOCK,), "clickhouse_connect.driver.client.Client"),
    "clickhouse_connect.get_async_client": CallModel(
        returns="clickhouse_connect.driver.asyncclient.AsyncClient", is_async=True
    ),
    "neo4j.GraphDatabase.driver": CallModel(returns="neo4j.Driver"),
    "neo4j.AsyncGraphDatabase.driver": CallModel(returns="neo4j.AsyncDriver"),
}

ALIASES: Final = {
    "redis.client.Redis": "redis.Redis",
    "redis.client.StrictRedis": "redis.Redis",
    "redis.StrictRedis": "redis.Redis",
    "redis.cluster.RedisCluster": "redis.RedisCluster",
    "redis.utils.from_url": "redis.from_url",
    "redis.asyncio.StrictRedis": "redis.asyncio.Redis",
    "redis.asyncio.client.Redis": "redis.asyncio.Redis",
    "redis.asyncio.client.StrictRedis": "redis.asyncio.Redis",
    "redis.asyncio.cluster.RedisCluster": "redis.asyncio.RedisCluster",
    "redis.asyncio.utils.from_url": "redis.asyncio.from_url",
    "aioredis": "redis.asyncio",  # merged into redis 4.2
    "aioredis.client": "redis.asyncio.client",
    "aioredis.client.Redis": "redis.asyncio.Redis",
    "elasticsearch._sync.client.Elasticsearch": "elasticsearch.Elasticsearch",
    "elasticsearch._async.client.AsyncElasticsearch": "elasticsearch.AsyncElasticsearch",
    "opensearchpy.client.OpenSearch": "opensearchpy.OpenSearch",
    "opensearchpy._async.client.AsyncOpenSearch": "opensearchpy.AsyncOpenSearch",
    "clickhouse_connect.driver.Client": "clickhouse_connect.driver.client.Client",
    "clickhouse_connect.driver.create_client": "clickhouse_connect.get_client",
    "clickhouse_driver.client.Client": "clickhouse_driver.Client",
    "neo4j._sync.driver": "neo4j",
    "neo4j._async.driver": "neo4j",
    "neo4j._sync.work.session": "neo4j",
    "neo4j._async.work.session": "neo4j",
    "qdrant_client.qdrant_client.QdrantClient": "qdrant_client.QdrantClient",
    "qdrant_client.async_qdrant_client.AsyncQdrantClient": "qdrant_client.AsyncQdrantClient",
    "pymilvus.milvus_client.milvus_client.MilvusClient": "pymilvus.MilvusClient",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
