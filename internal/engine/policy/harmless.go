package policy

// harmless are the commands that nobody objects to.
func harmless() []Rule {
	return []Rule{
		{Allowed, "works on keys", names("append bitcount bitfield bitfield_ro bitop bitpos copy decr decrby del dump exists expire expireat expiretime " +
			"geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore get getbit getdel getex getrange " +
			"getset hdel hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hrandfield hscan hset hsetnx hstrlen hvals incr incrby incrbyfloat lcs " +
			"lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ltrim mget move mset msetnx persist pexpire pexpireat pexpiretime pfadd " +
			"pfcount pfmerge psetex pttl rename renamenx rpop rpoplpush rpush rpushx sadd scard sdiff sdiffstore set setbit setex setnx setrange sinter " +
			"sintercard sinterstore sismember smembers smismember smove spop srandmember srem sscan strlen substr sunion sunionstore touch ttl type unlink " +
			"xack xadd xautoclaim xclaim xdel xlen xpending xrange xrevrange xsetid xtrim zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard " +
			"zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex " +
			"zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore " +
			"xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|setid xinfo|consumers xinfo|groups xinfo|stream " +
			"object|encoding object|freq object|idletime object|refcount memory|usage"), false},
		{Allowed, "works on the keyspace", names("dbsize randomkey scan select time lolwut"), false},
		{Allowed, "waits, and blocks only its own connection", names("blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin wait waitaof xread xreadgroup"), false},
		{Allowed, "is a transaction", names("discard exec multi unwatch watch"), false},
		{Allowed, "publishes and receives messages", names("psubscribe publish punsubscribe spublish ssubscribe subscribe sunsubscribe unsubscribe " +
			"pubsub|channels pubsub|numpat pubsub|numsub pubsub|shardchannels pubsub|shardnumsub"), false},
		{Allowed, "affects only its own connection", names("asking auth echo hello ping quit readonly readwrite reset client|caching client|capa client|getname " +
			"client|getredir client|id client|info client|no-touch client|reply client|setinfo client|setname client|tracking client|trackinginfo acl|whoami"), false},
		{Allowed, "runs scripts; an endless one keeps the node busy, and anyone who may run scripts may kill it", names("eval eval_ro evalsha evalsha_ro fcall fcall_ro " +
			"function|delete function|dump function|flush function|kill function|list function|load function|stats " +
			"script|exists script|flush script|kill script|load script|show"), false},
		{Allowed, "passes bytes from the client to a parser that only knows strings, and reads them as FUNCTION LOAD does", names("function|restore"), false},
		{Allowed, "says what the engine supports", names("acl|cat acl|genpass command command|count command|docs command|getkeys command|getkeysandflags command|info command|list"), false},
		{Allowed, "shows or tidies the engine's memory", names("memory|doctor memory|malloc-stats memory|purge memory|stats"), false},
		{Allowed, "asks about a cluster; there is no cluster here", names("cluster|countkeysinslot cluster|getkeysinslot cluster|info cluster|keyslot cluster|myid " +
			"cluster|myshardid cluster|nodes cluster|shards cluster|slot-stats cluster|slots"), false},
		{Allowed, "prints help", names("acl|help client|help cluster|help command|help function|help latency|help memory|help object|help pubsub|help " +
			"script|help slowlog|help xgroup|help xinfo|help"), false},
	}
}
