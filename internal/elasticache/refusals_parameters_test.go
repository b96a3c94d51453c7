package elasticache

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestRefusalsOfParameterGroups has the original's words for what cannot be done with parameter groups.
func TestRefusalsOfParameterGroups(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	if status, text := f.ask("CreateCacheParameterGroup", parameterGroup("mine", "redis5.0")); status != http.StatusOK {
		t.Fatal(text)
	}
	for _, c := range []struct {
		action  string
		form    url.Values
		code    string
		message string
	}{
		{"CreateCacheParameterGroup", parameterGroup("mine", "redis7"), "CacheParameterGroupAlreadyExists", "Parameter group mine already exists"},
		{"CreateCacheParameterGroup", parameterGroup("other", "redis8"), badValue, "CacheParameterGroupFamily redis8 is not a valid parameter group family"},
		{"CreateCacheParameterGroup", parameterGroup("a.b", "redis7"), badValue, "is not a valid identifier"},
		{"ModifyCacheParameterGroup", parameterValue("none", "timeout", "0"), "CacheParameterGroupNotFound", "CacheParameterGroup not found: none"},
		{"ModifyCacheParameterGroup", parameterValue("default.redis7", "timeout", "0"), badValue, "The parameter group default.redis7 is a default group and cannot be modified."},
		{"ModifyCacheParameterGroup", parameterValue("mine", "timeout", "7"), badValue, "The value &#34;7&#34; of parameter timeout is not allowed. Allowed values: 0,20-."},
		{"ModifyCacheParameterGroup", parameterValue("mine", "appendonly", "yes"), badValue, "The parameter appendonly cannot be modified."},
		{"ResetCacheParameterGroup", parameterValue("mine", "reserved-memory", "0"), badValue, "Parameter reserved-memory doesn&#39;t exist"},
		{"DeleteCacheParameterGroup", parameterGroup("default.redis7", ""), badValue, "is not a valid identifier"},
		{"DeleteCacheParameterGroup", parameterGroup("none", ""), "CacheParameterGroupNotFound", "CacheParameterGroupnot found: none"},
		{"DescribeCacheParameters", parameterGroup("none", ""), "CacheParameterGroupNotFound", "CacheParameterGroup none not found."},
	} {
		status, text := f.ask(c.action, c.form)
		if status/100 != 4 || !strings.Contains(text, "<Code>"+c.code+"</Code>") || !strings.Contains(text, c.message) {
			t.Errorf("%s %v: %d %s, want %s: %s", c.action, c.form, status, text, c.code, c.message)
		}
	}
}

// parameterGroup is the name of a parameter group and, where there is one, its family.
func parameterGroup(name, family string) url.Values {
	form := url.Values{"CacheParameterGroupName": {name}}
	if family != "" {
		form.Set("CacheParameterGroupFamily", family)
		form.Set("Description", "d")
	}
	return form
}

func parameterValue(in, name, is string) url.Values {
	return url.Values{
		"CacheParameterGroupName": {in}, "ParameterNameValues.ParameterNameValue.1.ParameterName": {name}, "ParameterNameValues.ParameterNameValue.1.ParameterValue": {is},
	}
}
